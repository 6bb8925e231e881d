/**
 * Models: the application at the front: records are born outside of it and handed to its client library, which
 *   queues, sends or refuses; nothing here delays a birth. Its upstream is `once` (what was not handed over is
 *   gone) or a `journal` (after a restart it replays behind its last acknowledged record; what its client gave up it
 *   hands over again).
 * Source: ours: an application with a queue in memory (once) or a journal on disk.
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
  /**
   * Until when nothing but `catchUp`, which the client calls before it acts, needs to tell it of births, because it
   * would only put them to the others; not later than now when it wants to know of each. Absent: of each.
   */
  quietUntil?(sim: Sim): number
}

/** One source: lane n of the births, on its own host. The recipe gives it a client before the run starts. */
export class SourceApplication extends Process {
  readonly lane: number
  client: SourceClient | null = null
  private readonly world: World
  private readonly keepsJournal: boolean
  /** Next index to hand to the client. */
  private handed = 0
  /** When births are looked at next; an event of another time is out of date. */
  private dueAt = -1
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

  /** Looks at the births of this lane when the next one is due, or when the client wants to be told. */
  listen(sim: Sim): void {
    const next = this.world.births.nextAt(this.lane)
    if (next === Infinity) return
    const quiet = this.alive && !this.paused ? (this.client?.quietUntil?.(sim) ?? 0) : 0
    const at = quiet > next ? quiet : next
    if (at === this.dueAt) return
    this.dueAt = at
    sim.schedule(at, sim.platform, birth, this)
  }

  /** Records were born, whatever state this program is in. */
  born(sim: Sim): void {
    if (sim.now !== this.dueAt) return
    const { births } = this.world
    if (this.alive && !this.paused) this.catchUp(sim)
    else {
      births.reach(this.lane, sim.now)
      if (this.alive) sim.schedule(sim.now, this, afterPause, this)
      else if (!this.keepsJournal) this.forfeit(sim, (lane, first, count) => this.world.outside.dropped(sourceDown, lane, first, count))
    }
    this.listen(sim)
  }

  /** How many are born by now and not handed over. */
  private waiting(sim: Sim): number {
    const { births } = this.world
    births.reach(this.lane, sim.now)
    return births.born(this.lane) - this.handed
  }

  /** Hands over all that was born so far, in order. */
  catchUp(sim: Sim): void {
    const count = this.waiting(sim)
    if (count <= 0) return
    const first = this.handed
    this.handed = first + count
    const client = this.client as SourceClient
    if (client.quietUntil !== undefined) client.offer(sim, this.lane, first, count, 0)
    else for (let index = first; index < first + count; index++) client.offer(sim, this.lane, index, 1, 0)
  }

  /** Gives up what was born and not handed over: whoever asks knows where it was. */
  forfeit(sim: Sim, visit: (lane: number, first: number, count: number) => void): void {
    const count = this.waiting(sim)
    if (count <= 0) return
    const first = this.handed
    this.handed = first + count
    visit(this.lane, first, count)
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

  override died(sim: Sim, _how: Death): void {
    this.refused = []
    // The client states the drops of what it held; births that waited for a paused program are ours.
    if (!this.keepsJournal) this.forfeit(sim, (lane, first, count) => this.world.outside.dropped(sourceDied, lane, first, count))
    // A client that wanted to be told later is gone: each birth is looked at again.
    if (this.dueAt >= 0) this.listen(sim)
  }

  override started(sim: Sim): void {
    if (!this.keepsJournal) return
    const again = this.world.copies.mint(journalReplay, 0, sim.now, this)
    for (let i = this.settledBelow; i < this.handed; i++) {
      if (this.settled[i - this.settledBelow] !== 1) (this.client as SourceClient).offer(sim, this.lane, i, 1, again)
    }
    this.catchUp(sim)
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
