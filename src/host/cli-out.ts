/** What a command says and leaves behind: issues, Reports as JSON, files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Issue } from '../contract/issue.ts'
import type { Report } from '../contract/spec.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { csvFiles } from './csv.ts'
import { textReport } from './text-report.ts'

export const exitCode = { done: 0, no: 1, input: 2, bug: 3, stop: 4, interrupted: 130 } as const

export function say(text: string): void {
  process.stdout.write(text)
}

/** One line that replaces itself, on terminals only. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Every issue on a line of its own, with its place. */
export function complain(issues: readonly Issue[]): number {
  for (const { path, line, message } of issues) {
    const place = [path, line === null ? '' : `line ${line}`].filter((part) => part !== '').join(' ')
    process.stderr.write(`${place === '' ? '' : `${place}: `}${message}\n`)
  }
  return exitCode.input
}

/** The issue of what `act` could not write, with its place; none when it could. */
export function writing(path: string, act: () => void): readonly Issue[] {
  try {
    act()
    return []
  } catch (error) {
    return [{ code: 'file.write', path, line: null, message: `cannot be written: ${error instanceof Error ? error.message : String(error)}` }]
  }
}

/** Tables as files of a folder, which is made where it is missing. */
export function writeTables(folder: string, tables: readonly { readonly name: string; readonly text: string }[]): void {
  mkdirSync(folder, { recursive: true })
  for (const { name, text } of tables) writeFileSync(join(folder, name), text)
}

/** Prints or writes a Report as asked; the code says whether the answer is no (with --assert) or a run was stopped. */
export function deliver(args: Arguments, report: Report, title: string): number {
  const json = `${JSON.stringify(report)}\n`
  const out = valueOf(args, '--out')
  const csv = valueOf(args, '--csv')
  const unwritten = writing('', () => {
    if (out !== undefined) writeFileSync(out, json)
    if (csv !== undefined) writeTables(csv, csvFiles(report))
  })
  if (unwritten.length > 0) return complain(unwritten)
  say(args.flags.includes('--json') ? json : textReport(report, title))
  if (report.runs.some(({ notes }) => notes.some((note) => note.startsWith('stopped: ')))) return exitCode.stop
  const isMet = report.runs.every(({ constraints }) => constraints.every(({ met, limit }) => met === true || (met === null && limit === null)))
  return args.flags.includes('--assert') && !isMet ? exitCode.no : exitCode.done
}
