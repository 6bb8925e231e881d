/** Turns the faults of a plan into physical events: resolves targets at their moment, strikes, and heals. */
import type { Plant, Target } from '../contract/architecture.ts'
import { formatFault, type Fault } from '../contract/fault.ts'
import {
  crash, cut, heal, losePower, pause, resume, slow, type Host, type Process, type Sim,
} from '../kernel/index.ts'

/** A fault in force, with what it struck. */
export class Inflicted {
  readonly fault: Fault
  readonly text: string
  readonly at: number
  /** When it is to end; Infinity until the births stop. */
  endsAt: number
  /** When it ended; null while in force. */
  endedAt: number | null = null
  /** What it struck, in words; empty when it hit nothing. */
  struck: string
  readonly processes: Process[] = []
  /** The processes that it struck, for the story; none for what is no process. */
  readonly struckProcesses: Process[] = []
  readonly pairs: Host[] = []

  constructor(fault: Fault, at: number) {
    this.fault = fault
    this.text = formatFault(fault)
    this.at = at
    this.endsAt = fault.duration === null ? Infinity : at + fault.duration
    this.struck = ''
  }
}

/** Strikes now; `subject` is the fact's subject when the fault names no target. */
export function inflict(sim: Sim, plant: Plant, fault: Fault, subject: Process | null): Inflicted {
  const done = new Inflicted(fault, sim.now)
  if (fault.kind === 'zone-outage') {
    strikeZone(sim, plant, done)
    return done
  }
  const target: Target | null =
    fault.target === null ? (subject === null ? null : { kind: 'process', process: subject }) : plant.resolve(sim, fault.target)
  if (target !== null && target.kind === 'nothing') return done
  if (target !== null && strike(sim, plant, done, target)) return done
  if (!plant.inflict(sim, fault)) return done
  done.struck = fault.target ?? fault.kind
  if (target?.kind === 'process') done.struckProcesses.push(target.process)
  return done
}

/** True when the kernel knows how to inflict this kind on such a target. */
function strike(sim: Sim, plant: Plant, done: Inflicted, target: Target): boolean {
  if (target.kind === 'nothing') return true
  const fault = done.fault
  const host = target.kind === 'host' ? target.host : target.process.host
  const processes = target.kind === 'host' ? host.processes : [target.process]
  const name = target.kind === 'host' ? host.name : target.process.name
  if (isBodily(fault.kind) && processes.some((process) => process.isManaged)) return false
  switch (fault.kind) {
    case 'crash':
      for (const process of processes) crash(sim, process, fault.duration)
      break
    case 'power-loss':
    case 'disk-loss':
      losePower(sim, host, fault.duration, fault.kind)
      break
    case 'pause':
      for (const process of processes) pause(sim, process)
      done.processes.push(...processes)
      break
    case 'slow':
      for (const process of processes) slow(sim, process, fault.factor ?? 2)
      done.processes.push(...processes)
      break
    case 'clock-skew':
      for (const process of processes) process.clockOffset += fault.amount ?? 0
      done.processes.push(...processes)
      break
    case 'cut':
    case 'delay':
    case 'loss':
      for (const from of hostsOf(sim, plant, fault.target as string, host)) strikeLinks(sim, plant, done, from)
      break
    default:
      return false
  }
  done.struck = name
  done.struckProcesses.push(...processes)
  return true
}

/** All hosts that a target text means: of a zone all of its own, else the one. */
function hostsOf(_sim: Sim, plant: Plant, text: string, host: Host): readonly Host[] {
  return text.startsWith('zone-') ? plant.hosts().filter((known) => known.zone === host.zone) : [host]
}

function strikeLinks(sim: Sim, plant: Plant, done: Inflicted, from: Host): void {
  const fault = done.fault
  const peers: Host[] = []
  for (const text of fault.to ?? []) {
    const peer = plant.resolve(sim, text)
    if (peer === null || peer.kind === 'nothing') continue
    peers.push(...hostsOf(sim, plant, text, peer.kind === 'host' ? peer.host : peer.process.host))
  }
  const both = fault.to === undefined || fault.bothWays === true
  for (const to of fault.to === undefined ? plant.hosts() : peers) {
    if (to === from) continue
    link(sim, done, from, to)
    if (both) link(sim, done, to, from)
  }
}

function link(sim: Sim, done: Inflicted, from: Host, to: Host): void {
  done.pairs.push(from, to)
  applyLink(sim, done.fault, from, to, 1)
}

/** Adds (sign 1) or takes back (sign -1) a link fault on one directed pair. */
function applyLink(sim: Sim, fault: Fault, from: Host, to: Host, sign: 1 | -1): void {
  const path = sim.network.path(from, to)
  if (fault.kind === 'cut') {
    if (sign === 1) cut(sim, from, to)
    else heal(sim, from, to)
  } else if (fault.kind === 'delay') path.extraNanos += sign * (fault.amount ?? 0)
  else if (sign === 1) path.addLoss((fault.percent ?? 0) * 10)
  else path.removeLoss((fault.percent ?? 0) * 10)
}

function strikeZone(sim: Sim, plant: Plant, done: Inflicted): void {
  const zone = (done.fault.target ?? '').replace('zone-', '')
  for (const host of plant.hosts()) {
    if (host.zone !== zone) continue
    done.struckProcesses.push(...host.processes.filter((process) => process.alive))
    losePower(sim, host, done.fault.duration, 'power-loss')
    done.struck = done.fault.target ?? zone
  }
}

/** Ends a fault in force; what restarts by itself (crash) needs nothing. */
export function relieve(sim: Sim, plant: Plant, done: Inflicted): void {
  if (done.endedAt !== null) return
  done.endedAt = sim.now
  if (done.struck === '') return
  switch (done.fault.kind) {
    case 'crash':
    case 'power-loss':
    case 'disk-loss':
    case 'zone-outage':
      return
    case 'pause':
      for (const process of done.processes) resume(sim, process)
      return
    case 'slow':
      for (const process of done.processes) if (process.alive) slow(sim, process, 1)
      return
    case 'clock-skew':
      for (const process of done.processes) process.clockOffset -= done.fault.amount ?? 0
      return
    case 'cut':
    case 'delay':
    case 'loss':
      for (let i = 0; i < done.pairs.length; i += 2) {
        applyLink(sim, done.fault, done.pairs[i] as Host, done.pairs[i + 1] as Host, -1)
      }
      return
    default:
      if (done.struck !== 'workload') plant.end(sim, done.fault)
  }
}

/** Kinds that strike a process or its host, which nobody can do to a managed service. */
function isBodily(kind: Fault['kind']): boolean {
  return kind === 'crash' || kind === 'power-loss' || kind === 'disk-loss' || kind === 'pause' || kind === 'slow' || kind === 'clock-skew'
}
