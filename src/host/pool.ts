/** Worker threads for many runs at once. The answers come in the order of the questions, however many threads there are. */
import { setMaxListeners } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Tinypool } from 'tinypool'
import { Interrupted } from './drive.ts'

/** Threads that this machine can keep busy. */
export const threadsUsual = availableParallelism()

/** Threads that end with the pool, or when somebody presses Ctrl-C. */
export class Pool {
  private readonly pool: Promise<Tinypool>
  private readonly interrupt = new AbortController()
  private readonly onSignal = (): void => this.interrupt.abort()

  constructor(threads: number) {
    this.pool = started(threads)
    // Every task that waits listens to the signal.
    setMaxListeners(0, this.interrupt.signal)
    process.on('SIGINT', this.onSignal)
  }

  /** Asks the function `name` of the threads about each task; `onAnswer` hears the answers in the order of their ends. */
  async ask<Task, Answer>(name: string, tasks: readonly Task[], onAnswer: (answer: Answer) => void = () => undefined): Promise<readonly Answer[]> {
    const { signal } = this.interrupt
    const pool = await this.pool
    try {
      return await Promise.all(tasks.map(async (task) => {
        const answer = await pool.run(task, { name, signal }) as Answer
        onAnswer(answer)
        return answer
      }))
    } catch (error) {
      if (signal.aborted) throw new Interrupted()
      throw error
    }
  }

  async close(): Promise<void> {
    process.off('SIGINT', this.onSignal)
    await (await this.pool).destroy()
  }
}

/** Loaded here and not at the top: whoever runs one RunSpec needs no threads, and no package that makes them. */
async function started(threads: number): Promise<Tinypool> {
  const { Tinypool: Threads } = await import('tinypool')
  return new Threads({
    filename: new URL('./pooled.js', import.meta.url).href, runtime: 'worker_threads',
    minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 1, isolateWorkers: false,
  })
}
