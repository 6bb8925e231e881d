/** `trace`: the life of one record in each column, with the headlines that fall into it. */
import type { Recipe } from '../contract/architecture.ts'
import { lifeOf } from '../run/life.ts'
import { inSeconds } from './trail.ts'
import { parseRecord, type LifeLine } from '../run/trace.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, say } from './cli-out.ts'
import { checkedFrom } from './cli-run.ts'
import { drive } from './drive.ts'

export async function traceCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const checked = checkedFrom(args, recipes)
  if (!checked.ok) return complain(checked.issues)
  const record = parseRecord(valueOf(args, '--record') ?? '', checked.value.workload.sources)
  if (!record.ok) return complain(record.issues.map((issue) => ({ ...issue, path: '--record' })))
  const lives = await drive(checked.value, { follow: record.value }, ({ label }, column) => ({ label, lines: lifeOf(column) }))
  if (args.flags.includes('--json')) say(`${JSON.stringify(lives.map(({ label, lines }) => ({ label, lines: lines.map(inSeconds) })))}\n`)
  else say(lives.map(({ label, lines }) => [label, ...linesOfText(lines), ''].join('\n')).join('\n'))
  return exitCode.done
}

function linesOfText(lines: readonly LifeLine[]): string[] {
  if (lines.length === 0) return ['  no such record was seen: it was not born, or nothing has happened to it yet']
  const born = lines[0]?.at ?? 0
  const width = Math.min(28, Math.max(...lines.map(({ where }) => where.length)))
  return lines.map(({ at, text, kind, where }) =>
    `  ${(at / 1e9).toFixed(6).padStart(12)} s  +${((at - born) / 1e6).toFixed(3).padStart(10)} ms  ${where.padEnd(width)}  ${kind === 'headline' ? `  (${text})` : text}`)
}
