/**
 * Models: TaskManagers as the JobManager knows them, and the job's pool of slots: slots once offered stay in the pool
 *   until their TaskManager is dropped, dead or not; missing ones are requested from registered TaskManagers.
 * Source: Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 DeclarativeSlotPool; measured rows F-b of test/measurements (redeployments go to the dead slot).
 * Leaves out: resource profiles, idle slots that are given back, local recovery's preference.
 */
import { invariant, type Connection } from '../../../src/kernel/index.ts'

/** One registration of one incarnation of a TaskManager. */
export class TaskManagerLink {
  readonly number: number
  readonly index: number
  readonly incarnation: number
  readonly connection: Connection
  readonly slots: number
  /** Slots that are in the job's pool or requested for it. */
  readonly isTaken: boolean[] = []
  isRegistered = true
  heartbeatFailures = 0
  lastHeardAt: number

  constructor(number: number, index: number, incarnation: number, connection: Connection, slots: number, now: number) {
    this.number = number
    this.index = index
    this.incarnation = incarnation
    this.connection = connection
    this.slots = slots
    this.lastHeardAt = now
    for (let i = 0; i < slots; i++) this.isTaken.push(false)
  }

  freeSlots(): number {
    let free = 0
    for (const taken of this.isTaken) if (!taken) free++
    return free
  }
}

/** A slot that the job may use. */
export interface PoolSlot {
  readonly link: TaskManagerLink
  readonly slot: number
}

export class SlotPool {
  /** In the order in which they were offered, by TaskManager and slot. */
  readonly slots: PoolSlot[] = []
  private readonly spread: boolean

  /** `spread`: requests go to the TaskManager with the most free slots, else they fill one after the other. */
  constructor(spread: boolean) {
    this.spread = spread
  }

  /** Where to ask for one more slot, or null when no registered TaskManager has a free one. */
  choose(links: readonly TaskManagerLink[]): PoolSlot | null {
    let best: TaskManagerLink | null = null
    for (const link of links) {
      if (!link.isRegistered || link.freeSlots() === 0) continue
      if (best === null || (this.spread ? link.freeSlots() > best.freeSlots() : link.index < best.index)) best = link
    }
    if (best === null) return null
    const slot = best.isTaken.indexOf(false)
    best.isTaken[slot] = true
    return { link: best, slot }
  }

  add(slot: PoolSlot): void {
    invariant(slot.link.isTaken[slot.slot] === true, 'flink.slot-not-requested')
    this.slots.push(slot)
    this.slots.sort((a, b) => a.link.index - b.link.index || a.slot - b.slot)
  }

  /** The TaskManager is dropped: its slots are gone. */
  remove(link: TaskManagerLink): void {
    for (let i = this.slots.length - 1; i >= 0; i--) {
      if ((this.slots[i] as PoolSlot).link === link) this.slots.splice(i, 1)
    }
  }
}
