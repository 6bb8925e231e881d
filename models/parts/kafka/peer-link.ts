/**
 * Models: the connections over which brokers ask each other on behalf of transactions; opened when needed, opened again
 *   by whoever still has something to ask.
 * Source: Kafka 4.2 `InterBrokerSendThread`.
 * Leaves out: idle connections stay.
 */
import { Copyable, eventKind, type Connection, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { settle } from './settle.ts'

/** One connection per peer for questions to it; they are answered in order. */
export class PeerLinks extends Copyable {
  private readonly broker: Broker
  private readonly links: (Connection | null)[] = []

  constructor(broker: Broker) {
    super()
    this.broker = broker
  }

  /** The connection to a peer, opened if there is none that can be used. */
  to(sim: Sim, peer: number): Connection {
    while (this.links.length <= peer) this.links.push(null)
    const known = this.links[peer] as Connection | null
    if (known !== null && known.isUsableBy(this.broker)) return known
    const made = sim.network.connect(sim, this.broker, this.broker.cluster.brokers[peer] as Broker, peerOpened, peerClosed)
    made.tag = peer
    this.links[peer] = made
    return made
  }

  /** Gives a connection up: its peer has been silent for too long. */
  giveUp(sim: Sim, connection: Connection): void {
    connection.close(sim, this.broker)
    if (this.links[connection.tag] === connection) this.links[connection.tag] = null
  }

  clear(): void {
    this.links.length = 0
  }
}

const peerOpened = eventKind<Broker, Connection>('kafka.peer-opened', () => {})
const peerClosed = eventKind<Broker, Connection>('kafka.peer-closed', (sim, broker, connection) => {
  broker.guard.linkLost(sim, connection)
  broker.coordinator.linkLost(sim, connection)
  settle(sim, broker)
})
