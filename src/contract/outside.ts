/**
 * What the outside world sees, and the causes that mechanisms state: the only words that a plant says to the
 * ledger. Nothing here answers back; a plant that reads an outcome is a bug. All calls are "now".
 */
import type { CauseCode } from './cause.ts'

/** How a view counts what becomes readable in it. */
export type Effect = 'append' | 'upsert' | 'conditional' | 'increment' | 'transactional'

/** A sink as one reader sees it. `isolation` names the reader, e.g. "read_committed" or "table". */
export interface ViewDeclaration {
  readonly sink: string
  readonly reader: string
  readonly effect: Effect
  /** The view that totals, latency and verdicts are about; exactly one per plant. */
  readonly primary: boolean
  /** A side view (dead letters) has as offered only what was sent to it. */
  readonly side: boolean
}

/** The client library's answer to the application; `none` is acks=0: handed over, never answered. */
export type Answer = 'ok' | 'failed' | 'unknown' | 'none'

export interface Outside {
  /** A view, declared while the plant is built; returns its number. */
  view(declaration: ViewDeclaration): number
  answered(lane: number, first: number, count: number, answer: Answer): void
  /** The operator's result was handed to the sink. */
  processed(lane: number, first: number, count: number): void
  /**
   * An ideal reader of this view could return these records from now on. `writerReplaced`: the process that
   * wrote this copy had been replaced by another when it wrote it.
   */
  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void
  /** What was readable in this view no longer is. */
  retracted(view: number, lane: number, first: number, count: number, copy: number, cause: CauseCode): void
  /** The sink refused a repeat (conditional write): counted as such, no effect. */
  repeatRefused(view: number, lane: number, first: number, count: number, copy: number): void
  /** A copy was destroyed or a position moved past it; healed drops cost nothing. */
  dropped(cause: CauseCode, lane: number, first: number, count: number): void
  /** The pipeline's own rule keeps these from the sink (drawn at birth), or a side view took them. */
  filtered(lane: number, first: number, count: number): void
  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void
  late(lane: number, first: number, count: number): void
}
