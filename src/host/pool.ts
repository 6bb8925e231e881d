/** Worker threads for many runs at once. The answers come in the order of the questions, however many threads there are. */
import { availableParallelism } from 'node:os'
import Tinypool from 'tinypool'
import { Interrupted } from './drive.ts'

/** Threads that this machine can keep busy. */
export const threadsUsual = availableParallelism()

/** Threads that end with the pool, or when somebody presses Ctrl-C. */
export class Pool {
  private readonly pool: Tinypool
  private readonly interrupt = new AbortController()
  private readonly onSignal = (): void => this.interrupt.abort()

  constructor(threads: number) {
    this.pool = new Tinypool({
      filename: new URL('./pooled.js', import.meta.url).href, runtime: 'worker_threads',
      minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: 1, isolateWorkers: false,
    })
    process.on('SIGINT', this.onSignal)
  }

  /** Asks the function `name` of the threads about each task. */
  async ask<Task, Answer>(name: string, tasks: readonly Task[]): Promise<readonly Answer[]> {
    const { signal } = this.interrupt
    try {
      return await Promise.all(tasks.map(async (task) => await this.pool.run(task, { name, signal }) as Answer))
    } catch (error) {
      if (signal.aborted) throw new Interrupted()
      throw error
    }
  }

  async close(): Promise<void> {
    process.off('SIGINT', this.onSignal)
    await this.pool.destroy()
  }
}
