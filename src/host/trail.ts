/**
 * Following a record: a run of its own beside the one that is open, so that looking changes nothing. It starts from
 * the last kept state in which the record was not born.
 */
import { Column } from '../run/column.ts'
import type { CheckedColumn, CheckedSpec } from '../run/check.ts'
import type { ColumnState } from '../run/column-state.ts'
import type { Keyframes } from '../run/keyframes.ts'
import { lifeOf } from '../run/life.ts'
import { columnPlan } from '../run/run.ts'
import type { LifeLine, RecordName } from '../run/trace.ts'
import type { Followed } from './api.ts'

const SECOND = 1e9

export class Trail {
  /** The column that is followed: another one, or one with another plan, needs another trail. */
  readonly from: CheckedColumn
  private readonly checked: CheckedSpec
  private column: Column
  private readonly keyframes: Keyframes
  private name: RecordName | null = null

  /** The states have been kept by a column of the same plan, or of a shorter one that agrees with it so far. */
  constructor(checked: CheckedSpec, from: CheckedColumn, keyframes: Keyframes) {
    this.from = from
    this.checked = checked
    this.keyframes = keyframes
    this.column = new Column(columnPlan(checked, from))
  }

  /** Runs on after this record for at most so many events, or to `until` nanoseconds. */
  follow(name: RecordName, until: number, events: number): Followed {
    const isSame = this.name !== null && name.lane === this.name.lane && name.index === this.name.index
    if (!isSame || this.column.now > until) this.turnTo(name)
    const { column } = this
    column.advance(until, events)
    return { reached: (column.state.isFinished ? until : column.now) / SECOND, lines: lifeOf(column).map(inSeconds) }
  }

  private turnTo(name: RecordName): void {
    this.name = name
    const kept = this.keyframes.latest((state) => !isBorn(state, name))
    if (kept === null) {
      this.column = new Column(columnPlan(this.checked, this.from, { follow: name }))
      return
    }
    this.column.restore(kept)
    this.column.amend(this.column.plan)
    this.column.state.follower?.turnTo(name)
  }
}

function isBorn({ births }: ColumnState, { lane, index }: RecordName): boolean {
  return births.born(lane) > index
}

/** A line as it leaves the run: times in seconds. */
export function inSeconds(line: LifeLine): LifeLine {
  return { ...line, at: line.at / SECOND, from: line.from === null ? null : { ...line.from, at: line.from.at / SECOND } }
}
