/**
 * Models: what acks=0 leaves behind: nothing in the client. This keeps, for causes only, the requests written without
 *   an answer that no broker has appended yet, so that their loss gets its name when the connection ends or the broker
 *   dies with them unread.
 * Source: Kafka 4.2 ProducerConfig (acks), Sender#sendProduceRequest (no response expected).
 * Leaves out: nothing; no mechanism reads this.
 */
import { Copyable, type Connection, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { countRecords, forEachSlice } from '../../../src/contract/slice.ts'
import type { Outside } from '../../../src/contract/outside.ts'
import { acks0Dropped, acks0Lost } from './client-causes.ts'
import type { Batch, ProduceRequest } from './protocol.ts'

export class Acks0Sent extends Copyable {
  /** By broker, oldest first; those that were appended leave from the front. */
  private readonly open: ProduceRequest[][] = []
  /** Written to brokers that were gone already; their clients have not heard of it. */
  private vain: ProduceRequest[] = []

  constructor(brokers: number) {
    super()
    for (let i = 0; i < brokers; i++) this.open.push([])
  }

  /** Written to a broker; if that is gone already, in vain, though the client will hear of it only later. */
  sent(outside: Outside, broker: number, request: ProduceRequest): void {
    const open = this.open[broker] as ProduceRequest[]
    let n = 0
    while (n < open.length && isAppended(open[n] as ProduceRequest)) n++
    if (n > 0) open.splice(0, n)
    if (isRead(request.connection)) open.push(request)
    else {
      drop(outside, request)
      this.vain.push(request)
    }
  }

  /** A connection ended: what the broker has not read by then it never will, and nobody hears of it. */
  connectionLost(sim: Sim, outside: Outside, broker: number, connection: Connection): void {
    const told = this.vain.filter((request) => request.connection === connection)
    const gone: ProduceRequest[] = []
    const left: ProduceRequest[] = []
    for (const request of this.open[broker] as ProduceRequest[]) {
      if (isAppended(request)) continue
      if (request.connection === connection) gone.push(request)
      // What was written before its client gave up may still be read, or die with the broker.
      if (request.connection !== connection || isRead(connection)) left.push(request)
    }
    this.open[broker] = left
    for (const request of gone) drop(outside, request)
    if (told.length > 0) this.vain = this.vain.filter((request) => request.connection !== connection && isHeard(request.connection))
    say(sim, told.concat(gone))
  }

  /** The broker died: what it has not appended, in its memory or on the way to it, never will be. */
  brokerDied(sim: Sim, outside: Outside, broker: number): void {
    const gone = (this.open[broker] as ProduceRequest[]).splice(0)
    for (const request of gone) drop(outside, request)
    say(sim, gone)
  }
}

/** True while the broker may still take in what was written. */
function isRead(connection: Connection): boolean {
  return connection.out.isTargetAlive() && connection.isUsableBy(connection.peer)
}

function isAppended(request: ProduceRequest): boolean {
  for (let i = 0; i < request.batches.length; i++) if ((request.batches[i] as Batch).appendedAt < 0) return false
  return true
}

/** False when the client died since: nobody is left to hear of the end. */
function isHeard(connection: Connection): boolean {
  return connection.opener.alive && connection.opener.incarnation === connection.out.fromIncarnation
}

/** One fact per client. */
function say(sim: Sim, requests: readonly ProduceRequest[]): void {
  const clients: Unit[] = []
  for (const { client } of requests) if (!clients.includes(client)) clients.push(client)
  for (const client of clients) {
    let records = 0
    for (const request of requests) {
      if (request.client !== client) continue
      for (const batch of request.batches) if (batch.appendedAt < 0) records += countRecords(batch.slices)
    }
    if (records > 0) sim.fact(acks0Dropped, client, records)
  }
}

/** Drops what was not appended. */
function drop(outside: Outside, request: ProduceRequest): void {
  for (const batch of request.batches) {
    if (batch.appendedAt >= 0) continue
    forEachSlice(batch.slices, (lane, first, count) => outside.dropped(acks0Lost, lane, first, count))
  }
}
