/** The tests of messages, the same for each architecture. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Recipe } from '../../src/contract/architecture.ts'
import { kindsOf, noticed, perform, type Elsewhere, type Play, type Silence } from './kit.ts'

export interface Cast {
  readonly plays: readonly Play[]
  /** The play that a kind's absence shows in, where it is not the first one. */
  readonly showsIn: Readonly<Record<string, string>>
  /** Kinds whose absence no play notices, each with its reason and the test that holds it. */
  readonly exceptions: Readonly<Record<string, Elsewhere>>
}

export function messageTests(recipe: Recipe, { plays, showsIn, exceptions }: Cast, silence: Silence): void {
  it('every play keeps its promises while all messages are handled', () => {
    const broken = plays.map((play) => `${play.name}: ${perform(recipe, play).broken}`).filter((line) => !line.endsWith(': null'))
    expect(broken).toEqual([])
  })

  it('what no play can show is held by a test that exists', () => {
    for (const { file, test } of Object.values(exceptions)) expect(readFileSync(file, 'utf8')).toContain(`'${test.replaceAll("'", "\\'")}'`)
  })

  it('without the handler of any one message a promise breaks', { timeout: 240_000 }, () => {
    const first = (plays[0] as Play).name
    const table: string[] = []
    const unnoticed: string[] = []
    const stale: string[] = []
    for (const kind of kindsOf(silence)) {
      const known = kind in exceptions
      const what = known ? null : noticed(recipe, plays, silence, kind, showsIn[kind] ?? first)
      table.push(`${kind.padEnd(36)} ${what ?? (known ? `- ${exceptions[kind]?.file}, "${exceptions[kind]?.test}"` : 'NOTHING')}`)
      if (what === null && !known) unnoticed.push(kind)
      if (what !== null && !what.startsWith(`${showsIn[kind] ?? first}:`)) stale.push(`'${kind}': '${what.slice(0, what.indexOf(':'))}',`)
    }
    console.log(`${recipe.id}: without a message, what breaks\n${table.join('\n')}\nshown elsewhere now:\n${stale.join('\n')}`)
    expect(unnoticed).toEqual([])
    expect(Object.keys(exceptions).filter((kind) => !kindsOf(silence).includes(kind))).toEqual([])
  })
}
