/** The story as lines: facts of all columns up to a moment, filtered, and what came in bursts told once. Pure. */
import type { FactLine } from '../../src/host/api.ts'
import { isBad } from '../caption.ts'
import { groupWords, texts } from '../texts.ts'

/** Facts of one kind closer than this belong together, simulated seconds. */
const burstSeconds = 0.3

export type Severity = 'bad' | 'headlines' | 'details'

export interface StoryFilter {
  /** Facts after this moment are not told. */
  readonly time: number
  readonly severity: Severity
  /** Product part as in codes, e.g. "kafka"; empty for every part. */
  readonly part: string
  /** Words that a line must have. */
  readonly words: string
}

/** A line, and the facts that it stands for: more than one for a burst. */
export interface StoryLine {
  readonly at: number
  readonly text: string
  readonly bad: boolean
  readonly facts: readonly FactLine[]
}

/** The product part that states a code. */
export function partOf(code: string): string {
  return code.split('.')[0] ?? ''
}

/** Parts that have said something, in order of their first fact. */
export function partsOf(columns: readonly (readonly FactLine[])[]): string[] {
  return [...new Set(columns.flatMap((facts) => facts.map(({ code }) => partOf(code))))].filter((part) => part !== 'fault')
}

/** The lines of one column, oldest first. */
export function storyLines(facts: readonly FactLine[], filter: StoryFilter): StoryLine[] {
  const { time, severity, part } = filter
  const words = filter.words.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const groups: FactLine[][] = []
  const latest = new Map<string, FactLine[]>()
  for (const fact of facts) {
    if (fact.at > time) break
    if (fact.code === 'fault.inflicted' || (severity !== 'details' && fact.level !== 1)) continue
    if ((severity === 'bad' && !isBad(fact)) || (part !== '' && partOf(fact.code) !== part)) continue
    if (words.length > 0 && !isAbout(fact, words)) continue
    const open = latest.get(fact.code)
    if (open !== undefined && fact.at - open[0]!.at <= burstSeconds) {
      open.push(fact)
      continue
    }
    const group = [fact]
    latest.set(fact.code, group)
    groups.push(group)
  }
  return groups.map((group) => ({ at: group[0]!.at, text: textOf(group), bad: isBad(group[0]!), facts: group }))
}

function isAbout(fact: FactLine, words: readonly string[]): boolean {
  const text = `${fact.text} ${fact.subject} ${fact.code}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** Facts that say the same are one; others of a kind are counted in the words of that kind, if it has any. */
function textOf(group: readonly FactLine[]): string {
  const first = group[0]!
  const different = new Set(group.map(({ text }) => text)).size
  if (different === 1) return first.text
  const words = Object.hasOwn(groupWords, first.code) ? groupWords[first.code] : undefined
  return words === undefined ? `${first.text}, ${texts.alike(group.length - 1)}` : words(group.length)
}
