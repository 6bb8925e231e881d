/** The result at the end of a story and its next questions, from Reports that are written down here. */
import { describe, expect, it } from 'vitest'
import { parseFault } from '../../src/contract/fault.ts'
import type { CauseAdvice, FactLine, FaultOffer, Report, ScenarioCard } from '../../src/host/api.ts'
import { faultText } from '../../web/faults.ts'
import { texts } from '../../web/texts.ts'
import { firstTexts } from '../../web/texts/first.ts'
import { isOver, outcomeOf, sentence, type Seen, type Told } from '../../web/first/outcome.ts'
import { isValid, leftOut, questionsLeft, revealed } from '../../web/first/ask.ts'
import { questionsOf, type Ground } from '../../web/first/questions.ts'

type Run = Report['runs'][number]

interface Numbers {
  readonly lost?: number
  readonly duplicates?: number
  readonly pending?: number
  readonly outages?: Run['outages']
  readonly recoveredAfter?: number | null
  readonly causes?: Run['causes']
}

/** A column's Report as far as a result reads it. */
function run({ lost = 0, duplicates = 0, pending = 0, outages = [], recoveredAfter = 2, causes = [] }: Numbers): Run {
  const part = {
    totals: { lost, retracted: 0, duplicates, pending }, outages, causes, latency: { visible: { p50: 0.66, p99: 1.13 } },
    recovery: [{ fault: crash, detectedAfter: 0, recoveredAfter }],
  }
  // Only what is read: a whole Report has forty more numbers.
  return part as unknown as Run
}

const crash = 'crash processor-1 at 12s'
const told: Told = { from: 12, to: 26, faults: [crash], isEnd: false }
const seen: Seen = { lost: 0, duplicates: 0, missed: [], undecided: [] }
const fact = (at: number, code: string, text: string, numbers: number[] = []): FactLine => ({ at, code, subject: '', text, numbers, level: 1 })
const restart = [
  fact(12, 'process.died', 'taskmanager-1 died'), fact(12, 'flink.restart-attempt', 'Restart 1'), fact(13, 'flink.restart-attempt', 'Restart 2'),
  fact(18, 'flink.restored', 'All tasks have the state of checkpoint 11', [3, 11]),
]

describe('a result', () => {
  it('is one sentence of measured figures, with the ledger\'s cause in plain words', () => {
    const a = outcomeOf('A', run({ outages: [{ from: 12, to: 18.36 }], recoveredAfter: 8.2 }), restart, told, seen)
    const b = outcomeOf('B', run({ duplicates: 20, causes: [
      { code: 'lambda.batch-bisected', kind: 'duplicate', records: 20, source: '', since: null, examples: [] }, { code: 'ledger.overtaken', kind: 'reorder', records: 900, source: '', since: null, examples: [] }] }), [], told, seen)
    expect(sentence([a, b], told)).toBe('A lost 0, repeated 0, showed nothing new for 6.4 s and was itself again after 8.2 s, '
      + 'because the whole job went back to checkpoint 11 and came up on try 2; '
      + 'B lost 0, repeated 20 and was itself again after 2.0 s, because the failed batch was cut in two and handed over again.')
  })

  it('counts only what the story added', () => {
    expect(outcomeOf('A', run({ lost: 7, duplicates: 9 }), [], told, { ...seen, lost: 3, duplicates: 9 })).toMatchObject({ lost: 4, repeated: 0 })
  })

  it('names a cause without plain words of its own by its code', () => {
    const causes = [{ code: 'null.wire-lost', kind: 'lost', records: 3, source: '', since: null, examples: [] }] as const
    expect(outcomeOf('A', run({ lost: 3, causes }), [], told, seen).because).toBe('wire lost (null)')
  })

  it('of a run that nothing struck tells how long results took', () => {
    const calm: Told = { from: 0, to: 24, faults: [], isEnd: true }
    expect(sentence([outcomeOf('A', run({ pending: 5 }), [], calm, seen)], calm))
      .toBe('A lost 0, repeated 0, still owes 5 and showed results after 0.66 s in the middle and 1.13 s for the slowest hundredth.')
  })

  it('knows its fault in whatever form the Report writes it', () => {
    const written: Told = { ...told, faults: ['crash processor-1 at 12000ms'] }
    expect(outcomeOf('A', run({ recoveredAfter: 3 }), [], written, seen).recovered).toBe(3)
    expect(outcomeOf('A', run({ recoveredAfter: 3 }), [], { ...written, faults: ['crash processor-2 at 12s'] }, seen).recovered).toBe(0)
  })

  it('comes when every column has been itself again for five seconds, or at the end', () => {
    const over = (recoveredAfter: number | null, to: number, isEnd: boolean): boolean => {
      const now = { ...told, to, isEnd }
      return isOver([outcomeOf('A', run({ recoveredAfter: 1 }), [], now, seen), outcomeOf('B', run({ recoveredAfter }), [], now, seen)], now)
    }
    expect([over(8, 24.9, false), over(8, 25, false), over(null, 60, false), over(null, 60, true)]).toEqual([false, true, false, true])
  })
})

const offer = (kind: string, target: string, refused: string | null = null): FaultOffer => ({ target, kind, label: '', meaning: '', refused })
const advice = (code: string, ...settings: (readonly [string, string | null])[]): CauseAdvice => ({
  code, text: '', source: '', nothing: null, settings: settings.map(([key, value]) => ({ key, value, holds: false, why: 'so' })),
})
const card = (scenario: string, tags: string[], prevented = false): ScenarioCard => {
  const shown = { version: 1 as const, model: '1', scenario, seed: '1', architectures: [], faults: [], changes: [] }
  return {
    title: scenario, asks: `${scenario}?`, demonstrates: 'it', prompt: '', difficulty: null, tags, questions: [], options: [], maxQuestions: null, shown,
    prevented: prevented ? { because: 'so', spec: shown, settings: ['acks=all'] } : null,
  }
}
const ground = (more: Partial<Ground>): Ground => ({
  told, open: null, cards: [card('loses', ['loss']), card('repeats', ['duplicates'])],
  outcomes: [
    { ...outcomeOf('A', run({}), [], told, { ...seen, missed: [{ text: 'sub-second', observed: 1.1, unit: 's' }] }) },
    { ...outcomeOf('B', run({ duplicates: 20, causes: [{ code: 'lambda.batch-retry', kind: 'duplicate', records: 20, source: '', since: null, examples: [] }] }), [], told, seen) },
  ],
  columns: [
    { causes: [advice('late.calm', ['execution.checkpointing.interval', '500ms'])], faults: [offer('zone-outage', 'zone-a'), offer('crash', 'broker-1')] },
    { causes: [advice('lambda.batch-retry', ['BatchSize', null], ['sink.write', 'put'])], faults: [offer('zone-outage', 'zone-a'), offer('crash', 'broker-1', 'managed')] },
  ],
  ...more,
})

describe('the next questions', () => {
  it('are three, and each does something: set what prevents it, strike another role, open a demonstration', () => {
    expect(questionsOf(ground({})).map(({ act }) => act)).toEqual([
      { kind: 'set', column: 1, key: 'sink.write', value: 'put' },
      { kind: 'strike', fault: 'zone-outage', target: 'zone-a' },
      { kind: 'open', card: expect.objectContaining({ title: 'repeats' }), prevented: false },
    ])
  })

  it('of an open demonstration begin with what prevents it', () => {
    const open = { card: card('loses', ['loss'], true), prevented: false }
    expect(questionsOf(ground({ open }))[0]?.act).toEqual({ kind: 'open', card: open.card, prevented: true })
    expect(questionsOf(ground({ open: { ...open, prevented: true } })).some(({ act }) => act.kind === 'set')).toBe(false)
  })

  it('offer no blow that no column can have, and none that was struck already', () => {
    const refused = ground({ columns: ground({}).columns.map((column) => ({ ...column, faults: [offer('zone-outage', 'zone-a', 'no'), offer('crash', 'processor-1')] })) })
    expect(questionsOf(refused).filter(({ act }) => act.kind === 'strike')).toEqual([])
  })

  it('strike with texts that are faults', () => {
    for (const { act } of questionsOf(ground({ cards: [], outcomes: [], columns: [{ causes: [], faults: ['zone-outage zone-a', 'pause processor-1', 'crash broker-1'].map((text) => offer(text.split(' ')[0]!, text.split(' ')[1]!)) }] }))) {
      if (act.kind !== 'strike') continue
      expect(parseFault(faultText({ kind: act.fault, target: act.target, at: 3 })).ok).toBe(true)
    }
    expect(parseFault(faultText({ kind: 'poison', target: '', at: 3 })).ok).toBe(true)
  })
})

describe('an interview', () => {
  const questions = (['crucial', 'crucial', 'irrelevant'] as const).map((category, i) => ({
    id: `q${i}`, text: '', category, reveals: category === 'irrelevant' ? null : { constraint: `c${i}`, value: 'v' },
  }))
  const asking = { ...card('x', []), questions, maxQuestions: 2 }

  it('reveals what was asked, and counts what is left', () => {
    expect(revealed(asking, ['q2', 'q0'])).toEqual([{ constraint: 'c0', value: 'v' }])
    expect([questionsLeft(asking, []), questionsLeft(asking, ['q2', 'q0'])]).toEqual([2, 0])
    expect(leftOut(asking, ['q2', 'q0']).map(({ id }) => id)).toEqual(['q1'])
  })

  it('makes an option valid by what was learned, and never by nothing', () => {
    const needs = { validWhen: [{ constraint: 'c0', value: 'v' }, { constraint: 'c1', value: 'v' }] }
    expect([isValid(needs, revealed(asking, ['q0'])), isValid(needs, revealed(asking, ['q0', 'q1'])), isValid({ validWhen: [] }, revealed(asking, ['q0', 'q1']))]).toEqual([false, true, false])
  })
})

it('the words of the first visit are not overwritten by those of another area', () => {
  expect(Object.entries(firstTexts).filter(([name, word]) => (texts as Readonly<Record<string, unknown>>)[name] !== word)).toEqual([])
})
