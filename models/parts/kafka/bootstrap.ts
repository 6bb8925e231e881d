/**
 * Models: what a client is told when it is configured: the addresses of the brokers, and the requests they take.
 * Source: kafka.apache.org, `bootstrap.servers`; kafka.apache.org/protocol.
 * Leaves out: brokers that join later (every broker is a bootstrap server), listeners, security.
 */
import { Copyable, type EventKind, type Unit } from '../../../src/kernel/index.ts'
import { Acks0Sent } from './acks0-sent.ts'
import type {
  EndTxnRequest, FetchRequest, FindCoordinatorRequest, InitProducerIdRequest, MetadataRequest, ProduceRequest,
} from './protocol.ts'
import { WireHoldings } from './wire-holdings.ts'

/** The events by which a broker handles each request of a client. */
export interface RequestKinds {
  readonly produce: EventKind<Unit, ProduceRequest>
  readonly fetch: EventKind<Unit, FetchRequest>
  readonly metadata: EventKind<Unit, MetadataRequest>
  readonly findCoordinator: EventKind<Unit, FindCoordinatorRequest>
  readonly initProducerId: EventKind<Unit, InitProducerIdRequest>
  readonly endTxn: EventKind<Unit, EndTxnRequest>
}

/** The cluster as a client sees it before its first request. */
export class Bootstrap extends Copyable {
  /** Number of partitions of the whole cluster; a partition is its number. */
  readonly partitions: number
  /** Brokers in the order of their numbers; `firstNumber` is the number of the first one. */
  readonly brokers: readonly Unit[]
  readonly firstNumber: number
  readonly requests: RequestKinds
  /** For causes and holdings only. */
  readonly acks0: Acks0Sent
  readonly wire: WireHoldings

  constructor(
    partitions: number, brokers: readonly Unit[], firstNumber: number, requests: RequestKinds,
    acks0 = new Acks0Sent(brokers.length), wire = new WireHoldings(),
  ) {
    super()
    this.partitions = partitions
    this.brokers = brokers
    this.firstNumber = firstNumber
    this.requests = requests
    this.acks0 = acks0
    this.wire = wire
  }
}
