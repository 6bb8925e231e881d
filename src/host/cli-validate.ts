/** `validate`: everything that the models are held against, row by row; a miss is shown, and a known one says why. */
import type { Recipe } from '../contract/architecture.ts'
import { quoted } from '../contract/issue.ts'
import { laws } from '../validate/laws.ts'
import { surprises, type Row, type Section } from '../validate/row.ts'
import { theory } from '../validate/theory.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, progress, say } from './cli-out.ts'

/** Ends with 1 when a row misses that is not known to, or agrees that is known to miss. */
export function validateCommand(args: Arguments, recipes: readonly Recipe[]): number {
  const only = valueOf(args, '--only')
  const all: readonly Section[] = [theory(), laws(recipes)]
  const chosen = all.filter(({ id }) => only === undefined || id === only)
  if (chosen.length === 0) {
    return complain([{ code: 'cli.validate', path: '--only', line: null, message: `${quoted(only ?? '')} is no section: expected one of ${all.map(({ id }) => id).join(', ')}` }])
  }
  const isJson = args.flags.includes('--json')
  const rows: (Row & { readonly section: string })[] = []
  for (const { id, title, rows: of } of chosen) {
    if (!isJson) say(`${title}\n`)
    for (const row of of()) {
      rows.push({ section: id, ...row })
      progress(`${rows.length} rows`)
      if (!isJson) {
        progress('')
        say(lineOf(row))
      }
    }
    progress('')
    if (!isJson) say('\n')
  }
  const odd = surprises(rows)
  const missed = rows.filter(({ agrees }) => !agrees)
  if (isJson) say(`${JSON.stringify(rows)}\n`)
  else {
    say(`${rows.length} rows: ${rows.length - missed.length} agree, ${missed.length} miss, ${missed.length - odd.filter(({ agrees }) => !agrees).length} of them known\n`)
    for (const row of odd) say(`${row.agrees ? 'AGREES BY NOW' : 'MISS'} ${row.id}: ${row.predicted}, expected ${row.expected} (${row.tolerance}; ${row.source})\n`)
  }
  return odd.length === 0 ? exitCode.done : exitCode.no
}

function lineOf({ what, predicted, expected, tolerance, agrees, miss }: Row): string {
  const verdict = agrees ? 'agrees' : miss === undefined ? 'MISS' : 'known miss'
  const why = miss === undefined ? '' : `\n      ${miss}`
  return `  ${verdict.padEnd(10)} ${what}: ${predicted}, expected ${expected} (${tolerance})${why}\n`
}
