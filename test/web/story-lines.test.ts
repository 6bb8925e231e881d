import { describe, expect, it } from 'vitest'
import type { FactLine } from '../../src/host/api.ts'
import { partsOf, storyLines, type StoryFilter } from '../../web/panel/story-lines.ts'
import { groupWords } from '../../web/texts.ts'

const fact = (at: number, code: string, text: string, level: 1 | 2 = 1, subject = 'x'): FactLine => ({ at, code, text, subject, numbers: [], level })
const all: StoryFilter = { time: 100, severity: 'headlines', part: '', words: '' }
const texts = (facts: readonly FactLine[], filter: Partial<StoryFilter> = {}) => storyLines(facts, { ...all, ...filter }).map(({ text }) => text)

const elections = Array.from({ length: 12 }, (_, i) => fact(30 + i * 0.01, 'kafka.leader-elected', `broker-${(i % 3) + 1} leads partition ${i}`))
const facts = [
  fact(30, 'process.died', 'broker-2 died', 1, 'broker-2'), ...elections, fact(30.05, 'flink.failure-detected', 'The job fails over'),
  fact(31, 'kafka.leader-elected', 'broker-1 leads partition 3'), fact(31.2, 'kafka.isr-expanded', 'Partition 3: broker 2 is in sync again', 2),
]

describe('the story', () => {
  it('tells facts of one kind that came at once as one, counted, and a later one again', () => {
    expect(texts(facts)).toEqual(['broker-2 died', '12 partitions elected a leader', 'The job fails over', 'broker-1 leads partition 3'])
    expect(storyLines(facts, all)[1]!.facts).toEqual(elections)
  })
  it('counts in plain words where a kind has none of its own, and tells the same sentence once', () => {
    expect(texts([fact(1, 'a.b', 'one'), fact(1.1, 'a.b', 'two'), fact(1.2, 'a.b', 'three')])).toEqual(['one, and 2 more like it'])
    expect(texts([fact(1, 'a.b', 'one'), fact(1.1, 'a.b', 'one')])).toEqual(['one'])
  })
  it('ends at the moment that is shown', () => {
    expect(texts(facts, { time: 30 })).toEqual(['broker-2 died', 'broker-1 leads partition 0'])
  })
  it('tells details, or only damage, when asked', () => {
    expect(texts(facts, { severity: 'details' })).toContain('Partition 3: broker 2 is in sync again')
    expect(texts(facts, { severity: 'bad' })).toEqual(['broker-2 died', 'The job fails over'])
  })
  it('tells of one product part, or what has the words in text, subject or code', () => {
    expect(partsOf([facts])).toEqual(['process', 'kafka', 'flink'])
    expect(texts(facts, { part: 'flink' })).toEqual(['The job fails over'])
    expect(texts(facts, { words: 'BROKER-2 leads' })).toEqual(['4 partitions elected a leader'])
    expect(texts(facts, { words: 'process died broker-2' })).toEqual(['broker-2 died'])
    expect(texts(facts, { words: 'nothing' })).toEqual([])
  })
  it('finds no words of a kind in what every object has', () => {
    expect(texts([fact(1, 'constructor', 'one'), fact(1, 'constructor', 'two')])).toEqual(['one, and 1 more like it'])
  })
  it('counts every kind in whole words', () => {
    for (const [code, words] of Object.entries(groupWords)) expect(words(12), code).toMatch(/^12 [a-zA-Z]/)
  })
})
