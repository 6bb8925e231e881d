/**
 * Models: nothing of Kafka: what of a producer's requests is still on the wire to a living broker, on its connections
 *   and on those that it has given up or that outlived it. TCP delivers what was written before an end.
 * Source: RFC 9293; design of the ledger.
 * Leaves out: nothing; no mechanism reads this.
 */
import { Copyable, type Connection } from '../../../src/kernel/index.ts'
import type { HoldingVisitor } from '../../../src/contract/architecture.ts'
import { COUNT, FIRST, LANE, STRIDE } from '../../../src/contract/slice.ts'
import type { Link } from './client-connection.ts'
import { ProduceRequest } from './protocol.ts'

export class WireHoldings extends Copyable {
  /** Connections that their producers have left with bytes on the wire, of the whole cluster: it may outlive them. */
  private readonly left: Connection[] = []

  /** The producer sends no more on this connection. */
  leave(connection: Connection): void {
    for (let i = this.left.length - 1; i >= 0; i--) if (!isLive(this.left[i] as Connection)) this.left.splice(i, 1)
    if (isLive(connection)) this.left.push(connection)
  }

  /** Visits what of it will still arrive, and be appended. */
  visit(visit: HoldingVisitor): void {
    for (const connection of this.left) visitWire(connection, visit)
  }
}

/** Visits what a client has on the wire and will still arrive. */
export function linkHoldings(links: readonly Link[], visit: HoldingVisitor): void {
  for (const link of links) if (link.connection !== null) visitWire(link.connection, visit)
}

/** True while bytes travel to a broker that will read them. */
function isLive(connection: Connection): boolean {
  return connection.out.head !== null && connection.out.isTargetAlive() && connection.isUsableBy(connection.peer)
}

function visitWire(connection: Connection, visit: HoldingVisitor): void {
  if (!isLive(connection)) return
  connection.forEachInFlight(connection.peer, (payload) => {
    if (!(payload instanceof ProduceRequest)) return
    for (const { slices } of payload.batches) {
      for (let i = 0; i < slices.length; i += STRIDE) {
        visit(slices[i + LANE] as number, slices[i + FIRST] as number, slices[i + COUNT] as number)
      }
    }
  })
}
