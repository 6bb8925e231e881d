import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Chunk, ColumnEngine, Reply, RunSpec } from '../../src/host/api.ts'
import { ColumnClient, pingEvery, replacementsMax, silenceMax, startMax, type Session } from '../../src/host/watchdog.ts'

const spec: RunSpec = { version: 1, model: '1', scenario: 's', seed: '1', architectures: [{ id: 'a' }], faults: [], changes: [] }
/** A worker that is asked to come so far hangs. */
const hangs = 99
const never = new Promise<never>(() => undefined)

/** A worker whose silence can be switched on; it notes what it was asked. */
class Worker {
  readonly asked: string[] = []
  silent = false
  ended = false
  broken: () => void = () => undefined
  at = 0

  session(): Session {
    const answer = <T>(name: string, value: () => Reply<T>): Promise<Reply<T>> => {
      this.asked.push(name)
      if (name === `advance ${hangs}`) this.silent = true
      return this.silent ? never : Promise.resolve(value())
    }
    const chunk = (): Reply<Chunk> => ({ ok: true, value: { frames: new Float64Array(0), rows: 0, facts: [], reached: this.at, finished: false, digest: `at ${this.at}` } })
    const engine = {
      open: () => answer('open', () => ({ ok: true, value: {} })),
      advance: (to: number) => answer(`advance ${to}`, () => {
        this.at = Math.min(to, this.at + 5)
        return chunk()
      }),
      amend: (_: RunSpec, at: number) => answer(`amend ${at}`, () => {
        this.at = at
        return chunk()
      }),
      report: () => Promise.reject(new Error('broken rule')),
      follow: () => answer('follow', () => ({ ok: true, value: { reached: 1, lines: [] } })),
      ping: () => (this.silent ? never : Promise.resolve(this.at)),
    } as unknown as ColumnEngine
    return { engine, onBroken: (broken) => { this.broken = broken }, end: () => { this.ended = true } }
  }
}

describe('watchdog', () => {
  let workers: Worker[]
  let client: ColumnClient
  let replaced: number
  let allSilent = false
  beforeEach(async () => {
    vi.useFakeTimers()
    workers = []
    replaced = 0
    allSilent = false
    client = new ColumnClient(() => {
      const worker = new Worker()
      worker.silent = allSilent
      workers.push(worker)
      return worker.session()
    }, () => { replaced++ })
    await client.open(spec, 0)
    await client.advance(5, 1000)
    await client.advance(10, 1000)
  })
  afterEach(() => {
    client.close()
    vi.useRealTimers()
  })

  it('leaves a worker alone that answers', async () => {
    await vi.advanceTimersByTimeAsync(60_000)
    expect(workers).toHaveLength(1)
    expect(replaced).toBe(0)
  })

  it('replaces a silent worker, replays to where it was and answers the call that waited', async () => {
    workers[0]!.silent = true
    const late = client.advance(12, 1000)
    await vi.advanceTimersByTimeAsync(silenceMax + 2 * pingEvery)
    expect(workers).toHaveLength(2)
    expect(workers[0]!.ended).toBe(true)
    expect(workers[1]!.asked).toEqual(['open', 'advance 10', 'advance 10', 'advance 12'])
    expect(await late).toMatchObject({ ok: true, value: { reached: 12, digest: 'at 12' } })
    expect(replaced).toBe(1)
  })

  it('notices a silent worker within 3 s, and gives one that is still being loaded more time', async () => {
    expect(silenceMax + pingEvery).toBeLessThan(3000)
    workers[0]!.silent = true
    allSilent = true
    await vi.advanceTimersByTimeAsync(3000)
    expect(workers).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(startMax - pingEvery)
    expect(workers).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(3 * pingEvery)
    expect(workers).toHaveLength(3)
  })

  it('replaces at once a worker that says it is broken', async () => {
    workers[0]!.broken()
    expect(await client.follow('source-1:1', 1, 1000)).toEqual({ ok: true, value: { reached: 1, lines: [] } })
    expect(workers).toHaveLength(2)
    workers[0]!.broken()
    expect(workers).toHaveLength(2)
  })

  it('gives up after a few silent replacements and says so; no promise stays pending', async () => {
    allSilent = true
    workers[0]!.silent = true
    const call = client.advance(12, 1000)
    await vi.advanceTimersByTimeAsync((startMax + 2 * pingEvery) * (replacementsMax + 2))
    expect(await call).toMatchObject({ ok: false, issues: [{ code: 'engine.silent' }] })
    expect(workers).toHaveLength(1 + replacementsMax)
    expect(await client.advance(13, 1000)).toMatchObject({ ok: false })
  })

  it('answers a question that loses two workers with an issue, and keeps the column', async () => {
    const call = client.advance(hangs, 1000)
    await vi.advanceTimersByTimeAsync(2 * (silenceMax + 2 * pingEvery))
    expect(await call).toMatchObject({ ok: false, issues: [{ code: 'engine.silent' }] })
    expect(workers).toHaveLength(3)
    expect(await client.advance(12, 1000)).toMatchObject({ ok: true, value: { reached: 12 } })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(workers).toHaveLength(3)
  })

  it('hands on what the engine threw as an issue', async () => {
    expect(await client.report()).toMatchObject({ ok: false, issues: [{ code: 'engine.bug', message: expect.stringContaining('broken rule') }] })
  })

  it('answers calls under way when it is closed', async () => {
    workers[0]!.silent = true
    const call = client.advance(12, 1000)
    client.close()
    expect(await call).toMatchObject({ ok: false })
    expect(workers[0]!.ended).toBe(true)
  })
})
