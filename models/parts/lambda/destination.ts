/**
 * Models: a discarded batch goes to the failure destination, if there is one, as one message; without one it is
 *   gone without a trace.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; SQS Developer Guide; Lambda API, OnFailure.
 * Leaves out: that SQS gets only a pointer that dangles after the stream's retention (S3 gets the payload);
 *   delivery that fails. Time to deliver 20 ms: assumed.
 */
import type { World } from '../../../src/contract/architecture.ts'
import type { CauseCode } from '../../../src/contract/cause.ts'
import { eventKind, type EventKind, type Process, type Sim } from '../../../src/kernel/index.ts'
import type { Batch } from './batch.ts'
import { destinationSent } from './words.ts'

const DELIVERY = 20e6

class Discard {
  readonly destination: FailureDestination
  readonly batch: Batch
  readonly cause: CauseCode

  constructor(destination: FailureDestination, batch: Batch, cause: CauseCode) {
    this.destination = destination
    this.batch = batch
    this.cause = cause
  }
}

/** Where discarded batches go; `view` null means nowhere. */
export class FailureDestination {
  readonly view: number | null
  /** Records discarded so far, with or without a destination. */
  discarded = 0
  private readonly world: World
  private readonly unit: Process
  private readonly onTheWay: Discard[] = []

  constructor(world: World, unit: Process, view: number | null) {
    this.world = world
    this.unit = unit
    this.view = view
  }

  /** Takes a batch that will not be tried again. */
  discard(sim: Sim, batch: Batch, cause: CauseCode): void {
    this.discarded += batch.size
    const discard = new Discard(this, batch, cause)
    if (this.view === null) {
      for (let i = 0; i < batch.slices.length; i += 4) {
        this.world.outside.dropped(cause, batch.slices[i] as number, batch.slices[i + 1] as number, 1)
      }
      return
    }
    this.onTheWay.push(discard)
    sim.after(DELIVERY, this.unit, destinationReached, discard)
  }

  arrived(sim: Sim, discard: Discard): void {
    this.onTheWay.splice(this.onTheWay.indexOf(discard), 1)
    const slices = discard.batch.slices
    sim.fact(destinationSent, this.unit, discard.batch.lane.shard, discard.batch.size)
    for (let i = 0; i < slices.length; i += 4) {
      const lane = slices[i] as number
      const index = slices[i + 1] as number
      this.world.outside.deadLettered(discard.cause, lane, index, 1)
      this.world.outside.visible(this.view as number, lane, index, 1, slices[i + 3] as number, false)
    }
  }

  /** Records on their way to the destination. */
  holdings(visit: (lane: number, first: number, count: number) => void): void {
    for (const { batch } of this.onTheWay) {
      for (let i = 0; i < batch.slices.length; i += 4) visit(batch.slices[i] as number, batch.slices[i + 1] as number, 1)
    }
  }
}

const destinationReached: EventKind<Process, Discard> = eventKind('lambda.destination-reached', (sim, _unit, discard) => {
  discard.destination.arrived(sim, discard)
})
