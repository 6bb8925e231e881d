/**
 * Models: how requests come in: each connection is served one request at a time, in order, by a request thread.
 * Source: Kafka 4.2 `SocketServer`, `KafkaRequestHandler`, `KafkaApis`.
 * Leaves out: queued.max.requests, request quotas, the shares of network threads.
 */
import { Copyable, eventKind, invariant, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { acks0Refused } from './causes.ts'
import { handleFetch, closeSession } from './fetch.ts'
import { handleMetadata } from './metadata.ts'
import { handleProduce } from './produce.ts'
import type {
  EndTxnRequest, FetchRequest, FindCoordinatorRequest, InitProducerIdRequest, MetadataRequest, ProduceRequest,
} from './protocol.ts'
import type { AddPartitionsRequest, WriteMarkersRequest } from './protocol-internal.ts'
import { RequestChannel } from './request-channel.ts'
import { settle } from './settle.ts'
import { handleEndTxn } from './end-transaction.ts'
import { handleAddPartitions } from './add-partitions.ts'
import { handleFindCoordinator, handleInitProducerId } from './init-producer-id.ts'
import { handleWriteMarkers } from './markers.ts'

export const PRODUCE = 0
const FETCH = 1
const METADATA = 2
const FIND_COORDINATOR = 3
const INIT_PRODUCER_ID = 4
const END_TXN = 5
const ADD_PARTITIONS = 6
const WRITE_MARKERS = 7

/** A request has come to the broker's socket. */
function receive(sim: Sim, broker: Broker, type: number, connection: Connection, request: object): void {
  let channel = broker.channel(connection.id)
  if (channel === null) {
    channel = new RequestChannel(connection)
    while (broker.channels.length <= connection.id) broker.channels.push(null)
    broker.channels[connection.id] = channel
    connection.onPeerClosed = channelClosed as unknown as EventKind<Unit, Connection>
    // The client is gone already: a frozen broker comes to its requests later, and to the end of the connection last.
    if (!connection.isUsableBy(broker)) sim.schedule(sim.now, broker, channelClosed, connection)
  }
  if (channel.isMuted || channel.hasWaiting()) channel.wait(type, request)
  else takeRequest(sim, broker, channel, type, request)
  settle(sim, broker)
}

/** Mutes the channel and gives the request to a thread. */
export function takeRequest(sim: Sim, broker: Broker, channel: RequestChannel, type: number, request: object): void {
  invariant(!channel.isMuted, 'kafka.one-request-a-channel', broker.name)
  channel.isMuted = true
  channel.current = request
  const at = broker.threads.take(sim, serviceOf(broker, type, request), broker.slowFactor)
  if (at <= sim.now) execute(sim, broker, channel, type, request)
  else sim.schedule(at, broker, threadDone, new ThreadWork(channel, type, request))
}

class ThreadWork extends Copyable {
  readonly channel: RequestChannel
  readonly type: number
  readonly request: object

  constructor(channel: RequestChannel, type: number, request: object) {
    super()
    this.channel = channel
    this.type = type
    this.request = request
  }
}

function serviceOf(broker: Broker, type: number, request: object): number {
  const config = broker.cluster.config
  if (type === PRODUCE) {
    return config.produceService + (config.kilobyteService * (request as ProduceRequest).bytes * broker.diskFactor) / 1024
  }
  return config.fetchService
}

/** The switch from a request to its handler; the types were fixed by the kind that brought the request. */
function execute(sim: Sim, broker: Broker, channel: RequestChannel, type: number, request: object): void {
  switch (type) {
    case PRODUCE: handleProduce(sim, broker, channel, request as ProduceRequest); return
    case FETCH: handleFetch(sim, broker, channel, request as FetchRequest); return
    case METADATA: handleMetadata(sim, broker, channel, request as MetadataRequest); return
    case FIND_COORDINATOR: handleFindCoordinator(sim, broker, channel, request as FindCoordinatorRequest); return
    case INIT_PRODUCER_ID: handleInitProducerId(sim, broker, channel, request as InitProducerIdRequest); return
    case END_TXN: handleEndTxn(sim, broker, channel, request as EndTxnRequest); return
    case ADD_PARTITIONS: handleAddPartitions(sim, broker, channel, request as AddPartitionsRequest); return
    case WRITE_MARKERS: handleWriteMarkers(sim, broker, channel, request as WriteMarkersRequest); return
    default: invariant(false, 'kafka.request-type', String(type))
  }
}

const threadDone = eventKind<Broker, ThreadWork>('kafka.request-thread', (sim, broker, work) => {
  execute(sim, broker, work.channel, work.type, work.request)
  settle(sim, broker)
})

/** Sends an answer to whoever asked and reads the channel on. */
export function answer<A>(
  sim: Sim, broker: Broker, channel: RequestChannel, onAnswer: EventKind<Unit, A>, payload: A, bytes: number,
): void {
  channel.connection.send(sim, broker, onAnswer, payload, bytes)
  broker.release(channel)
}

const channelClosed = eventKind<Broker, Connection>('kafka.channel-closed', (sim, broker, connection) => {
  const channel = broker.channel(connection.id)
  if (channel === null) return
  broker.channels[connection.id] = null
  broker.leaves(channel)
  // Requests that came before the reset are still served, one after the other.
  if (closeSession(channel)) broker.release(channel)
  settle(sim, broker)
})

/** Ends a connection from the broker's side, as Kafka does when it cannot report an error; what waits is not read. */
export function hangUp(sim: Sim, broker: Broker, channel: RequestChannel): void {
  channel.connection.close(sim, broker)
  closeSession(channel)
  broker.channels[channel.connection.id] = null
  broker.cluster.visibility.unread(channel, acks0Refused)
  broker.cluster.visibility.unansweredGone(sim, broker.number, channel.connection)
}

/** The events by which brokers handle requests; the first six are what clients send. */
export const produceRequest = eventKind<Broker, ProduceRequest>('kafka.produce', (sim, broker, request) => receive(sim, broker, PRODUCE, request.connection, request))
export const fetchRequest = eventKind<Broker, FetchRequest>('kafka.fetch', (sim, broker, request) => receive(sim, broker, FETCH, request.connection, request))
export const metadataRequest = eventKind<Broker, MetadataRequest>('kafka.metadata', (sim, broker, request) => receive(sim, broker, METADATA, request.connection, request))
export const findCoordinatorRequest = eventKind<Broker, FindCoordinatorRequest>('kafka.find-coordinator', (sim, broker, request) => receive(sim, broker, FIND_COORDINATOR, request.connection, request))
export const initProducerIdRequest = eventKind<Broker, InitProducerIdRequest>('kafka.init-producer-id', (sim, broker, request) => receive(sim, broker, INIT_PRODUCER_ID, request.connection, request))
export const endTxnRequest = eventKind<Broker, EndTxnRequest>('kafka.end-txn', (sim, broker, request) => receive(sim, broker, END_TXN, request.connection, request))
export const addPartitionsRequest = eventKind<Broker, AddPartitionsRequest>('kafka.add-partitions-to-txn', (sim, broker, request) => receive(sim, broker, ADD_PARTITIONS, request.connection, request))
export const writeMarkersRequest = eventKind<Broker, WriteMarkersRequest>('kafka.write-txn-markers', (sim, broker, request) => receive(sim, broker, WRITE_MARKERS, request.connection, request))
