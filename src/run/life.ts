/** The life of a followed record with the headlines that fall into it. */
import type { Column } from './column.ts'
import { factText } from './fact-log.ts'
import type { LifeLine } from './trace.ts'

/** What happened to it, from its birth on, and the headlines up to its last line, in order of time. */
export function lifeOf(column: Column): LifeLine[] {
  const { follower, log } = column.state
  const born = follower?.birth() ?? null
  if (follower === null || born === null) return []
  const last = follower.lines.at(-1)?.at ?? born.at
  const headlines = log.facts
    .filter(({ at, code }) => code.level === 1 && at >= born.at && at <= last)
    .map(({ at, code, subject, numbers }): LifeLine => ({
      at, code: code.code, text: factText(code, subject, numbers), kind: 'headline', where: subject.split('/')[0] as string, from: null, copy: 0,
    }))
  // Sorting is stable: what happens to the record stands before the headline of the same moment.
  return [born, ...follower.lines, ...headlines].sort((a, b) => a.at - b.at)
}
