/**
 * Models: PutRecords: each entry is admitted or refused by its own shard, the answer is positional and may be a
 *   partial failure; what is answered with success is stored and durable.
 * Source: Kinesis Developer Guide, Producers; Kinesis API Reference, PutRecords; Kinesis API, PutRecords. Service time: assumed.
 * Leaves out: the three-zone replication inside the service, its own failures beyond an inflicted error rate.
 */
import { type Slices } from '../../../src/contract/slice.ts'
import {
  eventKind, fromTable, lognormalTable, Process, type Connection, type EventKind, type Host, type Sim, type Stream, type Unit,
} from '../../../src/kernel/index.ts'
import type { KinesisStream } from './stream.ts'
import { entriesFailed, entriesRefused } from './words.ts'

/** Most entries and bytes of one call. */
export const CALL_RECORDS_MAX = 500
export const CALL_BYTES_MAX = 10 * 1_048_576
/** p50 11 ms, p99 56 ms. */
const serviceNanos = lognormalTable(14e6, 0.7)

/** One call on the wire. */
export class PutRequest {
  readonly connection: Connection
  readonly slot: number
  readonly slices: Slices
  readonly records: number
  readonly onAnswer: EventKind<Unit, PutAnswer>

  constructor(connection: Connection, slot: number, slices: Slices, records: number, onAnswer: EventKind<Unit, PutAnswer>) {
    this.connection = connection
    this.slot = slot
    this.slices = slices
    this.records = records
    this.onAnswer = onAnswer
  }
}

/** HTTP 200 with the positions of the entries that failed, rising; null when none did. */
export class PutAnswer {
  readonly request: PutRequest
  readonly failed: number[] | null

  constructor(request: PutRequest, failed: number[] | null) {
    this.request = request
    this.failed = failed
  }
}

/** The service's front end: on a host that no user can strike. */
export class KinesisFrontEnd extends Process {
  readonly stream: KinesisStream
  /** Per cent of entries that get InternalFailure; an inflicted fault. */
  errorPercent = 0
  /** Calls that arrived and are not stored yet. */
  readonly pending: PutRequest[] = []
  calls = 0
  private readonly service: Stream
  private readonly errors: Stream

  constructor(sim: Sim, host: Host, stream: KinesisStream) {
    super(sim, 'kinesis', host)
    this.isManaged = true
    this.stream = stream
    this.service = sim.random('kinesis/put-service')
    this.errors = sim.random('kinesis/inflicted-errors')
  }

  arrived(sim: Sim, request: PutRequest): void {
    this.calls++
    this.pending.push(request)
    sim.after(Math.ceil(fromTable(this.service, serviceNanos)), this, putStored, request)
  }

  /** Stores what the shards admit, answers, and lets the readers know. */
  store(sim: Sim, request: PutRequest): void {
    this.pending.splice(this.pending.indexOf(request), 1)
    const slices = request.slices
    let failed: number[] | null = null
    let internal = 0
    let position = 0
    for (let i = 0; i < slices.length; i += 4) {
      const lane = slices[i] as number
      const first = slices[i + 1] as number
      const end = first + (slices[i + 2] as number)
      const copy = slices[i + 3] as number
      for (let index = first; index < end; index++, position++) {
        const breaks = this.errorPercent > 0 && this.errors.below(100) < this.errorPercent
        if (breaks) internal++
        if (breaks || !this.stream.put(sim, this, lane, index, copy)) (failed ??= []).push(position)
      }
    }
    const refused = (failed === null ? 0 : failed.length) - internal
    if (refused > 0) sim.fact(entriesRefused, request.connection.opener, refused, request.records)
    if (internal > 0) sim.fact(entriesFailed, request.connection.opener, internal, request.records)
    request.connection.send(sim, this, request.onAnswer, new PutAnswer(request, failed), 100 + 60 * request.records)
    this.stream.wakeReaders(sim)
  }
}

/** A call reached the front end. */
export const putArrived: EventKind<KinesisFrontEnd, PutRequest> = eventKind('kinesis.put-arrived', (sim, frontEnd, request) => {
  frontEnd.arrived(sim, request)
})
const putStored: EventKind<KinesisFrontEnd, PutRequest> = eventKind('kinesis.put-stored', (sim, frontEnd, request) => {
  frontEnd.store(sim, request)
})
