/** Units own events: processes on hosts in zones, and their parts; a death ends a unit and all below it. */
import { Copyable } from './copied.ts'
import type { Connection } from './connection.ts'
import type { Server } from './server.ts'
import type { Sim } from './sim.ts'
import type { AnyKind } from './event.ts'

/** How a unit ended. `closed` is an orderly end by its own process, `disk-loss` also empties the host. */
export type Death = 'crash' | 'power-loss' | 'disk-loss' | 'closed'

/** A machine; page cache, TCP and disks live here and survive a process's crash or pause. */
export class Host extends Copyable {
  readonly id: number
  readonly name: string
  readonly zone: string
  up = true
  egressFreeAt = 0
  nanosPerByte: number
  readonly processes: Process[] = []

  constructor(id: number, name: string, zone: string, bytesPerSecond: number) {
    super()
    this.id = id
    this.name = name
    this.zone = zone
    this.nanosPerByte = 1e9 / bytesPerSecond
  }
}

/**
 * What is asked of a unit with every event. One class for all units: units are of many classes, and asking them cost
 * 2 % of a run.
 */
export class Life extends Copyable {
  readonly id: number
  incarnation = 1
  alive = true
  /** Of a process: it is frozen. */
  paused = false
  /** That of the unit's process. */
  readonly process: Life

  constructor(id: number, process: Life | null) {
    super()
    this.id = id
    this.process = process ?? this
  }
}

/**
 * The owner of events: a process, or a part of one (task attempt, session, client). An event reaches only
 * the incarnation it was scheduled for. Subclasses hold the model's state as plain fields.
 */
export class Unit extends Copyable {
  readonly id: number
  readonly name: string
  readonly parent: Unit | null
  readonly children: Unit[] = []
  readonly connections: Connection[] = []
  readonly servers: Server[] = []
  /** The process this unit belongs to; a process is its own. */
  process: Process
  readonly life: Life

  /** `parent` null makes a process (its own root); the process is set by the Process constructor. */
  constructor(sim: Sim, name: string, parent: Unit | null) {
    super()
    this.id = sim.units.length
    this.name = name
    this.parent = parent
    // A Process passes null and is its own process; TypeScript cannot see that `this` is one here.
    this.process = parent === null ? (this as unknown as Process) : parent.process
    this.life = new Life(this.id, parent === null ? null : parent.process.life)
    sim.units.push(this)
    sim.lives.push(this.life)
    if (parent !== null) parent.children.push(this)
  }

  get alive(): boolean {
    return this.life.alive
  }

  get incarnation(): number {
    return this.life.incarnation
  }

  /** Called once at death, children first: state what was destroyed, clear memory. */
  died(_sim: Sim, _how: Death): void {}

  /** Called when a process (or a part revived by its owner) starts in a new incarnation. */
  started(_sim: Sim): void {}
}

/** A simulated program on a host; the target of crash, pause and slow. */
export class Process extends Unit {
  readonly host: Host
  /** Belongs to a service that others run: no fault strikes it bodily. */
  isManaged = false
  /** Work takes this many times as long; 1 is normal. */
  slowFactor = 1
  /** Nanoseconds from death to restart by the platform; Infinity for never. */
  restartAfter = Infinity
  /** When a dead one is due to start again, Infinity when nobody knows; for those who look on. */
  restartsAt = Infinity
  /** Offset of the wall clock and drift per nanosecond; for time stamps only. */
  clockOffset = 0
  clockDrift = 0
  /** Due events of a paused process, in order. */
  readonly heldUnits: Unit[] = []
  readonly heldIncarnations: number[] = []
  readonly heldKinds: AnyKind[] = []
  readonly heldPayloads: unknown[] = []

  constructor(sim: Sim, name: string, host: Host) {
    super(sim, name, null)
    this.host = host
    host.processes.push(this)
  }

  /** Tells of its death in its own words, which say more; false when it has none. Called just before it dies. */
  tellDeath(_sim: Sim): boolean {
    return false
  }

  get paused(): boolean {
    return this.life.paused
  }

  /** What this process believes the time is; never used for timers. */
  wallClock(sim: Sim): number {
    return Math.round(sim.now * (1 + this.clockDrift)) + this.clockOffset
  }
}
