/**
 * Models: the application at the front: records are born outside of it and handed to its client library, which
 *   queues, sends or refuses; nothing here delays a birth. Its upstream is `once` (what was not handed over is
 *   gone) or a `journal` (after a restart it replays behind its last acknowledged record; what its client gave up it
 *   hands over again).
 * Source: ours; the words are design, 's "Births".
 * Leaves out: the application's own cost per record.
 */
import type { World } from '../../../src/contract/architecture.ts'
import { causeCode } from '../../../src/contract/cause.ts'
import { eventKind, Process, type Death, type Host, type Sim, type Unit } from '../../../src/kernel/index.ts'

const sourceDown = causeCode('source.down', 'Born while the source application was down, and nothing upstream keeps it', 'ours: upstream once')
const sourceDied = causeCode('source.died', 'In the memory of the source application when it died', 'ours: upstream once')
const journalReplay = causeCode('source.journal-replay', 'The source sent again from its journal what it had no acknowledgement for', 'Kafka 4.2 `Sender`, expired batches')

/** The client library inside the source's process; it owns a record from `offer` on and answers for it. */
export interface SourceClient {
  offer(sim: Sim, lane: number, first: number, count: number, copy: number): void
}

/** One source: lane n of the births, on its own host. The recipe gives it a client before the run starts. */
export class SourceApplication extends Process {
  readonly lane: number
  client: SourceClient | null = null
  private readonly world: World
  private readonly keepsJournal: boolean
  /** Next index to hand to the client. */
  private handed = 0
  /** Everything below is acknowledged. */
  private settledBelow = 0
  /** One byte per index from `settledBelow` on: 1 = acknowledged. */
  private settled: number[] = []
  /** Given up by the client: index and count in turn. */
  private refused: number[] = []

  constructor(world: World, lane: number, host: Host) {
    super(world.sim, `source-${lane + 1}`, host)
    this.world = world
    this.lane = lane
    this.keepsJournal = world.workload.upstream === 'journal'
    this.restartAfter = 5e9
  }

  /** Starts the births of this lane. */
  begin(sim: Sim): void {
    const at = this.world.births.nextAt(this.lane)
    if (at !== Infinity) sim.schedule(at, sim.platform, birth, this)
  }

  /** A record is born, whatever state this program is in. */
  born(sim: Sim): void {
    const index = this.world.births.take(this.lane)
    this.begin(sim)
    if (this.alive && !this.paused) this.handOver(sim, index + 1)
    else if (this.alive) sim.schedule(sim.now, this, afterPause, this)
    else if (!this.keepsJournal) {
      this.handed = index + 1
      this.world.outside.dropped(sourceDown, this.lane, index, 1)
    }
  }

  /** Hands all records below `until` to the client, in order. */
  handOver(sim: Sim, until: number): void {
    const client = this.client as SourceClient
    while (this.handed < until) client.offer(sim, this.lane, this.handed++, 1, 0)
  }

  /** Hands over all that was born so far. */
  catchUp(sim: Sim): void {
    this.handOver(sim, this.world.births.born(this.lane))
  }

  /** The client has the final answer for these records; a journal forgets what is acknowledged in a row. */
  answered(first: number, count: number, ok: boolean): void {
    if (!this.keepsJournal) return
    if (!ok) {
      // The application goes back to its journal, after a pause that leaves the client time to recover.
      if (this.refused.length === 0) this.world.sim.after(sendAgainNanos, this, sendAgain, this)
      this.refused.push(first, count)
      return
    }
    for (let i = first; i < first + count; i++) {
      const at = i - this.settledBelow
      while (this.settled.length <= at) this.settled.push(0)
      if (at >= 0) this.settled[at] = 1
    }
    let run = 0
    while (run < this.settled.length && this.settled[run] === 1) run++
    if (run >= 256 || run === this.settled.length) {
      this.settled.splice(0, run)
      this.settledBelow += run
    }
  }

  /** What the client gave up is handed to it once more; in a log already, it is there twice. */
  sendAgain(sim: Sim): void {
    const again = this.world.copies.mint(journalReplay, 0, sim.now, this)
    const refused = this.refused
    this.refused = []
    for (let at = 0; at < refused.length; at += 2) {
      const first = refused[at] as number
      for (let i = first; i < first + (refused[at + 1] as number); i++) {
        const isKnown = i < this.settledBelow || this.settled[i - this.settledBelow] === 1
        if (!isKnown) (this.client as SourceClient).offer(sim, this.lane, i, 1, again)
      }
    }
  }

  override died(_sim: Sim, _how: Death): void {
    this.refused = []
    // The client states the drops of what it held; births that waited for a paused program are ours.
    if (this.keepsJournal) return
    const born = this.world.births.born(this.lane)
    if (born > this.handed) {
      this.world.outside.dropped(sourceDied, this.lane, this.handed, born - this.handed)
      this.handed = born
    }
  }

  override started(sim: Sim): void {
    if (!this.keepsJournal) return
    const born = this.world.births.born(this.lane)
    const again = this.world.copies.mint(journalReplay, 0, sim.now, this)
    for (let i = this.settledBelow; i < this.handed; i++) {
      if (this.settled[i - this.settledBelow] !== 1) (this.client as SourceClient).offer(sim, this.lane, i, 1, again)
    }
    this.handOver(sim, born)
  }

  /** What a journal or a frozen program still keeps. */
  holdings(visit: (lane: number, first: number, count: number) => void): void {
    const born = this.world.births.born(this.lane)
    if (this.keepsJournal) {
      for (let i = this.settledBelow; i < this.handed; i++) if (this.settled[i - this.settledBelow] !== 1) visit(this.lane, i, 1)
    }
    if ((this.keepsJournal || this.alive) && born > this.handed) visit(this.lane, this.handed, born - this.handed)
  }
}

/** Assumed: a failed send restarts a connector's task within about a second. */
const sendAgainNanos = 1e9

const birth = eventKind<Unit, SourceApplication>('source.birth', (sim, _platform, source) => source.born(sim))
const afterPause = eventKind<SourceApplication, SourceApplication>('source.after-pause', (sim, source) => {
  source.catchUp(sim)
})
const sendAgain = eventKind<SourceApplication, SourceApplication>('source.send-again', (sim, source) => {
  source.sendAgain(sim)
})
