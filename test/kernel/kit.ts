/** A small world for kernel tests: two hosts, processes that note what reaches them. */
import { Connection, eventKind, Process, Sim, type Host } from '../../src/kernel/index.ts'

/** Notes every message with its time. */
export class Listener extends Process {
  readonly heard: { at: number; text: string }[] = []
  connection: Connection | null = null
  starts = 0

  constructor(sim: Sim, name: string, host: Host) {
    super(sim, name, host)
    this.restartAfter = Infinity
  }

  note(sim: Sim, text: string): void {
    this.heard.push({ at: sim.now, text })
  }

  texts(): string[] {
    return this.heard.map((line) => line.text)
  }

  override started(): void {
    this.starts++
  }
}

export const say = eventKind<Listener, string>('test.say', (sim, unit, text) => unit.note(sim, text))
export const opened = eventKind<Listener, Connection>('test.opened', (sim, unit, connection) => {
  unit.connection = connection
  unit.note(sim, 'opened')
})
export const closed = eventKind<Listener, Connection>('test.closed', (sim, unit) => unit.note(sim, 'closed'))

/** Two processes on two hosts in two zones, 10 Gbit/s each, constant latency of `oneWay` nanoseconds. */
export function pair(oneWay = 1e6, seed = 'kit'): { sim: Sim; a: Listener; b: Listener } {
  const sim = new Sim(seed)
  sim.network.between = { meanNanos: oneWay, sigma: 0 }
  const a = new Listener(sim, 'a', sim.host('host-a', 'a', 1.25e9))
  const b = new Listener(sim, 'b', sim.host('host-b', 'b', 1.25e9))
  return { sim, a, b }
}

/** The same, connected and settled: returns at 1 s. */
export function connected(oneWay = 1e6): { sim: Sim; a: Listener; b: Listener; line: Connection } {
  const { sim, a, b } = pair(oneWay)
  const line = sim.network.connect(sim, a, b, opened, closed)
  line.onPeerClosed = closed as never
  sim.run(1e9, true, 1000)
  a.heard.length = 0
  b.heard.length = 0
  return { sim, a, b, line }
}
