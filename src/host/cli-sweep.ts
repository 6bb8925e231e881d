/** `sweep` and `merge`: many seeds and settings on all cores, whole or in parts, and gone on with after a break. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Recipe } from '../contract/architecture.ts'
import { failAll, ok, placed, type Issue, type Result } from '../contract/issue.ts'
import { inGroups } from '../search/groups.ts'
import { headOf, inOrder, lineOf, mergeSweeps, missing, readSweep, textOf, type SweepFile } from '../search/rows.ts'
import { isNarrow } from '../search/summary.ts'
import { figures, shardOf, tasksOf, variantsOf, type Row, type Task } from '../search/sweep.ts'
import { valueOf, wholeOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, progress, say, writeTables, writing } from './cli-out.ts'
import { checkedFrom } from './cli-run.ts'
import { readText } from './cli-spec.ts'
import { Pool, threadsUsual } from './pool.ts'
import { sweepOptions, type Until } from './sweep-options.ts'
import { sweepTables, sweepText } from './sweep-text.ts'

/** Seeds between two looks at whether the intervals are narrow enough; the fewest before the first look. */
const seedsApart = 10

export async function sweepCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const checked = checkedFrom(args, recipes)
  if (!checked.ok) return complain(checked.issues)
  const issues: Issue[] = []
  const { varied, seeds, shard, until } = sweepOptions(args, checked.value, figures.map(({ name }) => name), issues)
  const threads = wholeOf(args, '--jobs', threadsUsual, 1, 64, issues)
  if (issues.length > 0) return complain(issues)
  const variants = variantsOf(checked.value, varied)
  const head = headOf(variants, seeds)
  const tasks = shardOf(tasksOf(variants, seeds), variants.length, shard.index, shard.count)
  const out = valueOf(args, '--out')
  const begun = out === undefined ? ok<readonly Row[]>([]) : begin(out, head)
  if (!begun.ok) return complain(begun.issues)
  const rows = [...begun.value]
  const pool = new Pool(threads)
  try {
    // Threads take tasks in their order; a stop rule looks at whole groups of seeds, so that it stops alike everywhere.
    for (const group of inGroups(tasks, until === null ? tasks.length : seedsApart * variants.length)) {
      if (until !== null && isEnough(rows, until, variants.length)) break
      await pool.ask<Task, Row>('sweep', missing(group, rows), (row) => {
        rows.push(row)
        if (out !== undefined) appendFileSync(out, lineOf(row))
        progress(`${rows.length} of ${tasks.length} runs`)
      })
    }
  } finally {
    await pool.close()
    progress('')
  }
  return await tell(args, { head, rows: inOrder(rows) })
}

/** Merges the files of a sweep's parts. */
export async function mergeCommand(args: Arguments): Promise<number> {
  if (args.words.length === 0) return complain([{ code: 'cli.merge', path: '', line: null, message: 'expected the files of a sweep after merge' }])
  const files = args.words.map((word) => fileAt(word))
  const issues = files.flatMap((file) => (file.ok ? [] : file.issues))
  if (issues.length > 0) return complain(issues)
  const merged = mergeSweeps(files.flatMap((file) => (file.ok ? [file.value] : [])))
  return merged.ok ? await tell(args, merged.value) : complain(merged.issues)
}

function fileAt(path: string): Result<SweepFile> {
  const text = readText(path)
  return placed(text.ok ? readSweep(text.value) : text, path)
}

/** The runs that the file holds of this sweep; it is written afresh, so that no half line stays. */
function begin(path: string, head: SweepFile['head']): Result<readonly Row[]> {
  let rows: readonly Row[] = []
  try {
    if (existsSync(path)) {
      const file = placed(readSweep(readFileSync(path, 'utf8')), path)
      if (!file.ok) return file
      if (file.value.head.key !== head.key) {
        return failAll([{ code: 'sweep.other', path, line: 1, message: `holds another sweep (${file.value.head.key}, this one is ${head.key}): expected a new file or one of this sweep` }])
      }
      rows = file.value.rows
    }
    write(path, textOf({ head, rows }))
    return ok(rows)
  } catch (error) {
    return failAll([{ code: 'file.write', path, line: null, message: `cannot be written: ${error instanceof Error ? error.message : String(error)}` }])
  }
}

/** One rename, so that a kill leaves the old or the new file. */
function write(path: string, text: string): void {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, path)
}

function isEnough(rows: readonly Row[], { figure, part }: Until, variants: number): boolean {
  return rows.length >= seedsApart * variants && isNarrow(rows, figure, part)
}

async function tell(args: Arguments, file: SweepFile): Promise<number> {
  const out = valueOf(args, '--out')
  const csv = valueOf(args, '--csv')
  const unwritten = writing('', () => {
    if (out !== undefined) write(out, textOf(file))
    if (csv !== undefined) writeTables(csv, sweepTables(file))
  })
  if (unwritten.length > 0) return complain(unwritten)
  say(args.flags.includes('--json') ? textOf(file) : await sweepText(file))
  return file.rows.some(({ stopped }) => stopped !== null) ? exitCode.stop : exitCode.done
}
