/** The kernel's door: a deterministic discrete-event simulator without a domain. */
export { copied, Copyable, shared } from './copied.ts'
export { Digest, hashText } from './digest.ts'
export * from './distribution.ts'
export { eventKind, type EventKind } from './event.ts'
export { allFactCodes, factCode, findFactCode, hopCode, type FactCode, type FactLevel, type HopCode } from './fact.ts'
export { smallInts, type SmallInts } from './growth.ts'
export { invariant, InvariantError } from './invariant.ts'
export { copyGraph } from './keyframe.ts'
export * from './list.ts'
export * from './math.ts'
export {
  crash, cut, endUnit, heal, losePower, pause, processDied, processPaused, processResumed, processStarted,
  resume, slow, startProcess, startUnit,
} from './mishap.ts'
export { Connection, Message, Path, type Direction, type Distance } from './connection.ts'
export { Network } from './network.ts'
export { EventQueue } from './queue.ts'
export { Stream, streamSeed } from './random.ts'
export { Job, Server } from './server.ts'
export { Sim, type FactSink, type RunEnd, type Tracer } from './sim.ts'
export * from './time.ts'
export { Timer } from './timer.ts'
export { Host, Process, Unit, type Death, type Life } from './unit.ts'
