/** Equal work for two kinds of queue, compiled and called by queue.bench.mjs. */
import { exponential } from '../../src/kernel/distribution.ts'
import { EventQueue } from '../../src/kernel/queue.ts'
import { Stream } from '../../src/kernel/random.ts'
import { HeapQueue } from './heap.ts'

type Queue = Pick<EventQueue, 'size' | 'time' | 'push' | 'pop' | 'nextTime'>

const stream = new Stream('queue bench')
const delays = Float64Array.from({ length: 65536 }, () => Math.floor(exponential(stream) * 1e6) + 1)

/** Does the named work on the named queue; gives nanoseconds a step and a sum over the order. */
export function timed(
  kind: string, work: string, count: number, steps: number,
): { nanos: number; order: number } {
  const queue: Queue = kind === 'ladder' ? new EventQueue() : new HeapQueue()
  const start = process.hrtime.bigint()
  const order = work === 'hold' ? hold(queue, count, steps) : bursts(queue, count, steps)
  return { nanos: Number(process.hrtime.bigint() - start) / steps, order }
}

// Pops the first event and pushes it again, always with the same number pending.
function hold(queue: Queue, pending: number, steps: number): number {
  for (let i = 0; i < pending; i++) queue.push(delays[i & 65535]!, i)
  let sum = 0
  for (let i = 0; i < steps; i++) {
    queue.nextTime()
    const slot = queue.pop()
    sum = (Math.imul(sum, 31) + slot) | 0
    queue.push(queue.time + delays[(i * 7 + slot) & 65535]!, slot)
  }
  return sum
}

// Timers seconds away that are armed again, near events, and bursts of a hundred at one instant.
function bursts(queue: Queue, timers: number, steps: number): number {
  for (let i = 0; i < timers; i++) queue.push(delays[i & 65535]! * 20_000, i)
  let sum = 0
  let instant = 0
  for (let i = 0; i < steps; i++) {
    if (i % 200 === 0) instant = queue.time + delays[i & 65535]!
    const isBurst = i % 200 < 100 && instant >= queue.time
    queue.push(isBurst ? instant : queue.time + delays[i & 65535]!, timers + (i & 1023))
    queue.nextTime()
    const slot = queue.pop()
    sum = (Math.imul(sum, 31) + slot) | 0
    if (slot < timers) queue.push(queue.time + delays[i & 65535]! * 20_000, slot)
  }
  return sum
}
