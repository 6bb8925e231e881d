/**
 * A second ledger that counts single records the plain way: every effect of every record in a list. Slow and
 * simple, so that the real one can be held against it.
 */
import type { CauseCode } from '../../src/contract/cause.ts'
import type { Answer, Outside, ViewDeclaration } from '../../src/contract/outside.ts'

interface ShadowRecord {
  answer: Answer | 'unanswered'
  /** By view: copies readable at any time, in order; and those readable now. */
  effects: number[][]
  readable: Set<number>[]
}

export class Shadow implements Outside {
  readonly views: ViewDeclaration[] = []
  readonly records = new Map<string, ShadowRecord>()
  repeatsRefusedCount = 0

  view(declaration: ViewDeclaration): number {
    this.views.push(declaration)
    return this.views.length - 1
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    this.each(lane, first, count, (record) => {
      if (record.answer !== 'ok') record.answer = answer === 'ok' || record.answer === 'unanswered' ? answer : record.answer
    })
  }

  visible(view: number, lane: number, first: number, count: number, copy: number): void {
    this.each(lane, first, count, (record) => {
      if (!(record.effects[view] as number[]).includes(copy)) (record.effects[view] as number[]).push(copy)
      ;(record.readable[view] as Set<number>).add(copy)
    })
  }

  retracted(view: number, lane: number, first: number, count: number, copy: number): void {
    this.each(lane, first, count, (record) => (record.readable[view] as Set<number>).delete(copy))
  }

  repeatRefused(_view: number, _lane: number, _first: number, count: number): void {
    this.repeatsRefusedCount += count
  }

  processed(): void {}
  dropped(_cause: CauseCode): void {}
  filtered(): void {}
  deadLettered(): void {}
  late(): void {}

  /** Delivered, duplicated and duplicates of a view, counted record by record. */
  totals(view: number): { delivered: number; retracted: number; duplicated: number; extra: number } {
    const totals = { delivered: 0, retracted: 0, duplicated: 0, extra: 0 }
    for (const record of this.records.values()) {
      const effects = record.effects[view] as number[]
      if ((record.readable[view] as Set<number>).size > 0) totals.delivered++
      else if (effects.length > 0) totals.retracted++
      if (effects.length > 1) {
        totals.duplicated++
        totals.extra += effects.length - 1
      }
    }
    return totals
  }

  private each(lane: number, first: number, count: number, change: (record: ShadowRecord) => void): void {
    for (let index = first; index < first + count; index++) {
      const name = `${lane}:${index}`
      let record = this.records.get(name)
      if (record === undefined) {
        record = { answer: 'unanswered', effects: this.views.map(() => []), readable: this.views.map(() => new Set()) }
        this.records.set(name, record)
      }
      change(record)
    }
  }
}
