/**
 * `bench`: how fast runs are, as ratios to real time and to a fixed loop on the same machine, so that figures of
 * different machines can be compared. Each workload is a file in bench.
 */
import type { Recipe } from '../contract/architecture.ts'
import { quoted } from '../contract/issue.ts'
import type { ColumnReport } from '../contract/spec.ts'
import { Digest } from '../kernel/index.ts'
import { checkSpec, modelVersion } from '../run/check.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, say } from './cli-out.ts'
import { driveReport } from './drive.ts'
import { scenarios } from './scenarios.ts'

/** One workload file: a RunSpec without version and model, and what is expected of it. */
interface BenchFile {
  readonly about: string
  /** Least simulated seconds a wall second; 0 for none. */
  readonly ratioMin: number
  /** Largest memory of a fresh process, million bytes; 0 for none. */
  readonly memoryMax: number
  readonly lagMayGrow: boolean
  readonly spec: { readonly scenario: string; readonly seed: string; readonly duration: string; readonly architectures: readonly { id: string }[]; readonly faults: readonly string[] }
}

const files = import.meta.glob<BenchFile>('./bench/*.json', { import: 'default', eager: true })
/** Numbers mixed by the calibration loop. */
const mixes = 20_000_000

export async function benchCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const only = valueOf(args, '--only')
  const chosen = Object.entries(files).map(([path, file]) => ({ name: (path.split('/').pop() ?? path).replace('.json', ''), file }))
    .filter(({ name }) => only === undefined || name === only)
  if (chosen.length === 0) {
    const names = Object.keys(files).map((path) => (path.split('/').pop() ?? path).replace('.json', '')).join(', ')
    return complain([{ code: 'cli.bench', path: '--only', line: null, message: `${quoted(only ?? '')} is no workload: expected one of ${names}` }])
  }
  let isGood = true
  const results: unknown[] = []
  for (const { name, file } of chosen) {
    const checked = checkSpec({ version: 1, model: modelVersion, changes: [], ...file.spec }, recipes, scenarios)
    if (!checked.ok) return complain(checked.issues)
    const loop = calibrate()
    const start = performance.now()
    const report = await driveReport(checked.value)
    const wall = (performance.now() - start) / 1000
    const { simulatedSeconds, events } = report.engine
    const ratio = simulatedSeconds / wall
    const memory = process.resourceUsage().maxRSS / 1000
    const grows = report.runs.filter(isLagGrowing).map(({ label }) => label)
    const failures = [
      ...(file.ratioMin > 0 && ratio < file.ratioMin ? [`expected at least ${file.ratioMin} x real time`] : []),
      ...(!file.lagMayGrow && grows.length > 0 ? [`lag grows in ${grows.join(', ')}`] : []),
      // Memory of earlier workloads would be counted to later ones.
      ...(file.memoryMax > 0 && chosen.length === 1 && memory > file.memoryMax ? [`expected at most ${file.memoryMax} MB`] : []),
    ]
    if (failures.length > 0) isGood = false
    results.push({ name, ratio, eventsPerSecond: events / wall, perMix: events / wall / loop, memory, failures })
    if (args.flags.includes('--json')) continue
    const figures = `${ratio.toFixed(1)} x real time, ${(events / wall / 1e6).toFixed(2)} M events/s, ${(events / wall / loop * 1000).toFixed(2)} per 1000 mixes, ${memory.toFixed(0)} MB`
    say(`${name.padEnd(28)} ${figures}${failures.map((failure) => `  FALLS SHORT: ${failure}`).join('')}\n`)
  }
  if (args.flags.includes('--json')) say(`${JSON.stringify(results)}\n`)
  return isGood ? exitCode.done : exitCode.no
}

/** Mixes a second of the digest, which is whole-number work alone; the best of three. */
function calibrate(): number {
  let best = 0
  for (let round = 0; round < 3; round++) {
    const digest = new Digest()
    const start = performance.now()
    for (let i = 0; i < mixes / 3; i++) digest.mix(i)
    best = Math.max(best, mixes / 3 / ((performance.now() - start) / 1000))
  }
  return best
}

/** The largest lag of the last third is more than twice that of the first, and more than a second's worth. */
function isLagGrowing({ series, throughput }: ColumnReport): boolean {
  const rows = (series['lagRecords'] ?? []).slice(0, Math.floor((series['lagRecords'] ?? []).length))
  const third = Math.floor(rows.length / 3)
  const most = (part: readonly (number | null)[]): number => part.reduce<number>((sum, value) => Math.max(sum, value ?? 0), 0)
  return most(rows.slice(-third)) > 2 * most(rows.slice(0, third)) && most(rows.slice(-third)) > throughput.offered
}
