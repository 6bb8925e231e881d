/**
 * Models: a table that applies each admitted write after a service time of its own; writes that were sent
 *   together go on whatever happens to their sender, because their bytes have arrived.
 * Source: DynamoDB Developer Guide, Read/write capacity and partitions (PutItem p50 3-5 ms, p99 8-15 ms [assumed]).
 * Leaves out: leader failover inside a partition, reads, streams, global tables; writes complete at whole
 *   milliseconds (rounded to the nearest), so that those of one group share events.
 */
import type { World } from '../../../src/contract/architecture.ts'
import {
  eventKind, fromTable, invariant, lognormalTable, Process, type Connection, type EventKind, type Host, type Sim,
  type Stream, type Unit,
} from '../../../src/kernel/index.ts'
import { Items } from './items.ts'
import { takes } from './write-kinds.ts'
import { writeUnits, type WriteCapacity } from './write-capacity.ts'
import { capacityGrew, writeApplied, writeRefused, writesThrottled } from './words.ts'
import { hopOf, hopOfSlices } from '../../../src/contract/hop.ts'
import { applied, writeAdmitted } from './hops.ts'

/** p50 4.1 ms, p99 11 ms; rising, so that an index is a rank. */
const serviceNanos = lognormalTable(4.5e6, 0.45)
/** To refuse a write takes this long. Assumed. */
const REFUSAL = 2e6
const TICK = 1e6

/** Whoever wants to know that one of its writes was applied; for facts only. */
export interface WriteObserver {
  applied(sim: Sim): void
}

/** Writes sent together; `items` are slices of one record: lane, index, 1, copy. */
export class WriteGroup {
  readonly connection: Connection
  readonly onAnswer: EventKind<Unit, WriteGroup>
  readonly items: readonly number[]
  readonly observer: WriteObserver
  /** The writer's request has been given to another meanwhile; for causes only. */
  replaced = false
  /** The writes not admitted, by their position in the group; part of the answer. */
  readonly refused: number[] = []
  /** Admitted writes in order of completion: positions and absolute times. */
  readonly order: number[] = []
  readonly times: number[] = []
  /** How many of them are done. */
  done = 0

  constructor(connection: Connection, onAnswer: EventKind<Unit, WriteGroup>, items: readonly number[], observer: WriteObserver) {
    this.connection = connection
    this.onAnswer = onAnswer
    this.items = items
    this.observer = observer
  }

  get size(): number {
    return this.items.length / 4
  }
}

/** The table and its front end: on a host that no user can strike. */
export class DynamoTable extends Process {
  readonly items: Items
  readonly capacity: WriteCapacity
  readonly view: number
  /** Groups with writes that are not applied yet. */
  readonly active: WriteGroup[] = []
  /** Writes applied, refused by their condition, throttled or failed, so far. */
  applied = 0
  conditionsFailed = 0
  throttled = 0
  /** Per cent of writes answered with an internal error; an inflicted fault. */
  errorPercent = 0
  private readonly world: World
  private readonly kind: number
  private readonly units: number
  private readonly service: Stream
  private readonly errors: Stream

  constructor(world: World, host: Host, view: number, kind: number, itemBytes: number, capacity: WriteCapacity) {
    super(world.sim, 'dynamodb', host)
    this.isManaged = true
    this.world = world
    this.view = view
    this.kind = kind
    this.items = new Items(world.births.lanes)
    this.capacity = capacity
    this.units = writeUnits(itemBytes)
    this.service = world.sim.random('dynamodb/service')
    this.errors = world.sim.random('dynamodb/inflicted-errors')
  }

  /** Admits what the capacity allows and starts it. */
  arrived(sim: Sim, group: WriteGroup): void {
    if (this.capacity.grow(sim.now)) sim.fact(capacityGrew, this, this.capacity.unitsPerSecond)
    const items = group.items
    for (let i = 0; i < items.length; i += 4) {
      const hash = itemHash(items[i] as number, items[i + 1] as number)
      const breaks = this.errorPercent > 0 && this.errors.below(100) < this.errorPercent
      if (breaks || !this.capacity.admit(sim.now, hash, this.units)) group.refused.push(i >> 2)
      else this.enqueue(group, i >> 2, this.completesAt(sim.now))
    }
    if (sim.tracer !== null) hopOfSlices(sim, writeAdmitted, this, items)
    if (group.refused.length > 0) {
      this.throttled += group.refused.length
      sim.fact(writesThrottled, this, group.refused.length, group.size)
    }
    if (group.order.length === 0) sim.after(REFUSAL, this, groupDone, group)
    else {
      this.active.push(group)
      sim.schedule(group.times[0] as number, this, writeDone, group)
    }
  }

  /** The next writes of a group are complete: readers see them from now on. */
  complete(sim: Sim, group: WriteGroup): void {
    const count = group.order.length
    do this.apply(sim, group, (group.order[group.done++] as number) * 4)
    while (group.done < count && group.times[group.done] === sim.now)
    if (group.done < count) sim.schedule(group.times[group.done] as number, this, writeDone, group)
    else {
      this.active.splice(this.active.indexOf(group), 1)
      this.answer(sim, group)
    }
  }

  answer(sim: Sim, group: WriteGroup): void {
    group.connection.send(sim, this, group.onAnswer, group, 100 * group.size)
  }

  /** Writes that will be applied whatever becomes of their sender: in service here, or on the wire. */
  holdings(visit: (lane: number, first: number, count: number) => void): void {
    for (const group of this.active) {
      for (let i = group.done; i < group.order.length; i++) visitItem(group, group.order[i] as number, visit)
    }
    for (const connection of this.connections) {
      connection.forEachInFlight(this, (payload) => {
        if (!(payload instanceof WriteGroup)) return
        for (let i = 0; i < payload.size; i++) visitItem(payload, i, visit)
      })
    }
  }

  audit(): void {
    this.capacity.audit()
    invariant(this.items.count <= this.applied, 'dynamodb.item-without-write')
    for (const group of this.active) {
      invariant(group.done < group.order.length, 'dynamodb.active-group-open')
      invariant(group.order.length + group.refused.length === group.size, 'dynamodb.write-decided')
    }
  }

  private apply(sim: Sim, group: WriteGroup, at: number): void {
    const lane = group.items[at] as number
    const index = group.items[at + 1] as number
    const copy = group.items[at + 3] as number
    if (sim.tracer !== null) hopOf(sim, applied, this, lane, index, 1, copy)
    if (takes(this.kind, this.items, lane, index)) {
      this.applied++
      this.world.outside.visible(this.view, lane, index, 1, copy, group.replaced)
      sim.fact(writeApplied, this, lane, index)
      group.observer.applied(sim)
    } else {
      this.conditionsFailed++
      this.world.outside.repeatRefused(this.view, lane, index, 1, copy)
      sim.fact(writeRefused, this, lane, index)
    }
  }

  /** The whole millisecond that is nearest to now and a service time; later than now. One draw. */
  private completesAt(now: number): number {
    const at = Math.round((now + fromTable(this.service, serviceNanos)) / TICK) * TICK
    return at > now ? at : at + TICK
  }

  /** Insertion by completion time: a group is small. */
  private enqueue(group: WriteGroup, position: number, at: number): void {
    const times = group.times
    const order = group.order
    let hole = times.length
    times.push(at)
    order.push(position)
    while (hole > 0 && (times[hole - 1] as number) > at) {
      times[hole] = times[hole - 1] as number
      order[hole] = order[hole - 1] as number
      hole--
    }
    times[hole] = at
    order[hole] = position
  }
}

function visitItem(group: WriteGroup, position: number, visit: (lane: number, first: number, count: number) => void): void {
  visit(group.items[position * 4] as number, group.items[position * 4 + 1] as number, 1)
}

/** Spreads event ids over partitions; whole, not negative. */
function itemHash(lane: number, index: number): number {
  let x = Math.imul(index ^ Math.imul(lane + 1, 0x9e3779b1), 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** Writes reached the table's front end. */
export const writesArrived: EventKind<DynamoTable, WriteGroup> = eventKind('dynamodb.writes-arrived', (sim, table, group) => {
  table.arrived(sim, group)
})
const writeDone: EventKind<DynamoTable, WriteGroup> = eventKind('dynamodb.write-done', (sim, table, group) => table.complete(sim, group))
const groupDone: EventKind<DynamoTable, WriteGroup> = eventKind('dynamodb.group-refused', (sim, table, group) => table.answer(sim, group))
