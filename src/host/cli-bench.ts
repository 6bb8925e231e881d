/**
 * `bench`: how fast runs are, as ratios to real time and to a fixed loop on the same machine, so that figures of
 * different machines can be compared. Each workload is a file in bench, and each is measured in a process of its own:
 * what one compiled or kept in memory would count for the next.
 */
import { spawnSync } from 'node:child_process'
import type { Recipe } from '../contract/architecture.ts'
import { quoted } from '../contract/issue.ts'
import { measure, shortfalls, type BenchFile, type Measured } from './bench-workload.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, say } from './cli-out.ts'

const files = import.meta.glob<BenchFile>('./bench/*.json', { import: 'default', eager: true })
const workloads = Object.entries(files).map(([path, file]) => ({ name: (path.split('/').pop() ?? path).replace('.json', ''), file }))

/** A line of `bench --json`. */
type BenchResult = Measured & { readonly name: string; readonly failures: readonly string[] }

export async function benchCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const only = valueOf(args, '--only')
  if (only === undefined) return benchAll(args)
  const chosen = workloads.find(({ name }) => name === only)
  if (chosen === undefined) {
    const names = workloads.map(({ name }) => name).join(', ')
    return complain([{ code: 'cli.bench', path: '--only', line: null, message: `${quoted(only)} is no workload: expected one of ${names}` }])
  }
  const measured = await measure(chosen.file, recipes)
  if (!measured.ok) return complain(measured.issues)
  const result = { name: only, ...measured.value, failures: shortfalls(chosen.file, measured.value) }
  say(args.flags.includes('--json') ? `${JSON.stringify([result])}\n` : benchLine(chosen.file, result))
  return result.failures.length > 0 ? exitCode.no : exitCode.done
}

/** One process after the other, each with `--only` one workload. */
function benchAll(args: Arguments): number {
  const results: BenchResult[] = []
  for (const { name, file } of workloads) {
    const words = [...process.execArgv, process.argv[1] as string, 'bench', '--only', name, '--json']
    const ended = spawnSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (ended.status !== exitCode.done && ended.status !== exitCode.no) return ended.status ?? exitCode.interrupted
    const [result] = JSON.parse(ended.stdout) as BenchResult[]
    results.push(result as BenchResult)
    if (!args.flags.includes('--json')) say(benchLine(file, result as BenchResult))
  }
  if (args.flags.includes('--json')) say(`${JSON.stringify(results)}\n`)
  return results.some(({ failures }) => failures.length > 0) ? exitCode.no : exitCode.done
}

/** A workload's figures, what was required of which of them, and what falls short. */
export function benchLine(file: BenchFile, { name, cold, warm, perMix, memory, failures }: BenchResult): string {
  const times = ({ ratio }: { readonly ratio: number }): string => `${ratio.toFixed(1)} x`
  const speed = warm === null
    ? `cold ${times(cold)} real time`
    : `warm ${times(warm)}, cold ${times(cold)} real time (required: ${file.ratioMin} x, warm)`
  const size = file.memoryMax > 0 ? `${memory.toFixed(0)} MB (required: at most ${file.memoryMax})` : `${memory.toFixed(0)} MB`
  const events = `${((warm ?? cold).eventsPerSecond / 1e6).toFixed(2)} M events/s, ${(perMix * 1000).toFixed(2)} per 1000 mixes`
  return `${name.padEnd(18)} ${speed}, ${events}, ${size}${failures.map((failure) => `  FALLS SHORT: ${failure}`).join('')}\n`
}
