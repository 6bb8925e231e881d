/**
 * Models: what can be inflicted on processes, hosts and paths, each as the physical event and nothing more:
 *   nobody is told except by the means the real system has.
 * Source: signal(7), POSIX page cache (fsync(2)), RFC 9293; design of the kernel.
 * Leaves out: corruption of bytes, partial disk failure.
 */
import { eventKind } from './event.ts'
import { factCode } from './fact.ts'
import { invariant } from './invariant.ts'
import type { Sim } from './sim.ts'
import type { Death, Host, Process, Unit } from './unit.ts'

export const processDied = factCode('process.died', 1, '{who} died')
export const processStarted = factCode('process.started', 1, '{who} started, incarnation {incarnation}', ['incarnation'])
export const processPaused = factCode('process.paused', 1, '{who} is frozen')
export const processResumed = factCode('process.resumed', 1, '{who} runs on')

/** Ends a unit and all below it, children first, each told by `died`; connections are reset. */
export function endUnit(sim: Sim, unit: Unit, how: Death): void {
  if (!unit.alive) return
  for (let i = 0; i < unit.children.length; i++) endUnit(sim, unit.children[i] as Unit, how)
  sim.network.unitDied(sim, unit, how)
  unit.life.alive = false
  unit.life.incarnation++
  for (const server of unit.servers) server.clear()
  unit.died(sim, how)
}

/** Starts a unit in a new incarnation; its children stay dead until it starts them. */
export function startUnit(sim: Sim, unit: Unit): void {
  if (unit.alive) return
  unit.life.alive = true
  unit.started(sim)
}

/** Kills a process; `downFor` null leaves the restart to its platform (`restartAfter`). */
export function crash(sim: Sim, process: Process, downFor: number | null, how: Death = 'crash'): void {
  if (!process.alive) return
  process.life.paused = false
  process.heldUnits.length = 0
  process.heldIncarnations.length = 0
  process.heldKinds.length = 0
  process.heldPayloads.length = 0
  if (!process.tellDeath(sim)) sim.fact(processDied, process)
  endUnit(sim, process, how)
  const delay = downFor ?? process.restartAfter
  process.restartsAt = sim.now + delay
  if (delay !== Infinity) sim.after(delay, sim.platform, restart, process)
}

/** Starts a dead process, if its host is up. */
export function startProcess(sim: Sim, process: Process): void {
  if (process.alive || !process.host.up) return
  process.slowFactor = 1
  startUnit(sim, process)
  sim.fact(processStarted, process, process.incarnation)
}

const restart = eventKind<Process, Process>('kernel.restart', (sim, _platform, process) => {
  startProcess(sim, process)
})

/** The host dies with all its processes; peers see silence. `disk-loss` is told to processes as they die. */
export function losePower(sim: Sim, host: Host, downFor: number | null, how: 'power-loss' | 'disk-loss'): void {
  if (!host.up) return
  host.up = false
  for (const process of host.processes) {
    crash(sim, process, Infinity, how)
    process.restartsAt = sim.now + (downFor ?? HOST_RESTART)
  }
  if (downFor !== Infinity) sim.after(downFor ?? HOST_RESTART, sim.platform, powerBack, host)
}

/** A host that nobody says otherwise about is back after this long. Assumed. */
const HOST_RESTART = 60e9

const powerBack = eventKind<Process, Host>('kernel.power-back', (sim, _platform, host) => {
  host.up = true
  for (const process of host.processes) startProcess(sim, process)
})

/** Freezes a process: due events wait, work in service keeps its remaining time. */
export function pause(sim: Sim, process: Process): void {
  if (!process.alive || process.paused) return
  process.life.paused = true
  sim.fact(processPaused, process)
  stopServers(sim, process)
}

/** Thaws a process: what was due runs now in its order. */
export function resume(sim: Sim, process: Process): void {
  if (!process.paused) return
  process.life.paused = false
  sim.fact(processResumed, process)
  resumeServers(sim, process)
  const count = process.heldUnits.length
  for (let i = 0; i < count; i++) {
    const unit = process.heldUnits[i] as Unit
    const kind = process.heldKinds[i]
    invariant(kind !== undefined, 'kernel.held-kind', process.name)
    if (unit.incarnation === process.heldIncarnations[i]) sim.schedule(sim.now, unit, kind, process.heldPayloads[i])
    else sim.dropped++
  }
  process.heldUnits.length = 0
  process.heldIncarnations.length = 0
  process.heldKinds.length = 0
  process.heldPayloads.length = 0
}

function stopServers(sim: Sim, unit: Unit): void {
  for (const server of unit.servers) server.stop(sim)
  for (const child of unit.children) stopServers(sim, child)
}

function resumeServers(sim: Sim, unit: Unit): void {
  for (const server of unit.servers) server.resume(sim)
  for (const child of unit.children) resumeServers(sim, child)
}

/** Stretches the work of a process by a factor (4 = four times as long); 1 ends it. */
export function slow(sim: Sim, process: Process, factor: number): void {
  invariant(factor > 0, 'kernel.slow-factor', process.name)
  process.slowFactor = factor
  stretch(sim, process, factor)
}

function stretch(sim: Sim, unit: Unit, factor: number): void {
  for (const server of unit.servers) server.setSpeed(sim, factor)
  for (const child of unit.children) stretch(sim, child, factor)
}

/** Cuts the directed path between two hosts; undone by `heal`, once each. */
export function cut(sim: Sim, from: Host, to: Host): void {
  sim.network.path(from, to).cuts++
}

export function heal(sim: Sim, from: Host, to: Host): void {
  const path = sim.network.path(from, to)
  invariant(path.cuts > 0, 'kernel.heal-without-cut', `${from.name} ${to.name}`)
  path.cuts--
}
