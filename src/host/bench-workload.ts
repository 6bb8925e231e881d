/**
 * One workload of `bench`, measured. The first run of the process is the cold figure: the engine compiles while it
 * goes. Where a speed is required, the same spec then runs three times with other seeds, and the median is the warm
 * figure, which the requirement is held against. (DECISIONS.md, 8)
 */
import type { Recipe } from '../contract/architecture.ts'
import type { Result } from '../contract/issue.ts'
import { ok } from '../contract/issue.ts'
import type { ColumnReport, Report } from '../contract/spec.ts'
import { Digest } from '../kernel/index.ts'
import { checkSpec, modelVersion } from '../run/check.ts'
import { driveReport } from './drive.ts'
import { scenarios } from './scenarios.ts'

/** One workload file: a RunSpec without version, model and changes, and what is expected of it. */
export interface BenchFile {
  readonly about: string
  /** Least simulated seconds a wall second, warm; 0 for none, and then there is no warm run. */
  readonly ratioMin: number
  /** Largest memory of the process, million bytes; 0 for none. */
  readonly memoryMax: number
  readonly lagMayGrow: boolean
  readonly spec: { readonly scenario: string; readonly seed: string; readonly duration: string; readonly architectures: readonly { id: string }[]; readonly faults: readonly string[] }
}

/** How fast one run was. */
export interface Speed {
  /** Simulated seconds a wall second. */
  readonly ratio: number
  readonly eventsPerSecond: number
}

/** What a process has measured of its one workload. */
export interface Measured {
  readonly cold: Speed
  /** Median of the runs after the first; null where no speed is required. */
  readonly warm: Speed | null
  /** Events a mix of the calibration loop, of the warm figure if there is one. */
  readonly perMix: number
  /** Largest resident memory of the process, million bytes. */
  readonly memory: number
  /** Labels of the columns whose lag grows. */
  readonly growing: readonly string[]
}

/** Seeds of the runs after the first: the engine has not seen these very arrivals. */
const warmSeeds = ['2', '3', '4']
/** Numbers mixed by the calibration loop. */
const mixes = 20_000_000

/** Measures a workload; the process must have run nothing before. */
export async function measure(file: BenchFile, recipes: readonly Recipe[]): Promise<Result<Measured>> {
  const loop = calibrate()
  const first = await timed(file, file.spec.seed, recipes)
  if (!first.ok) return first
  const growing = new Set(first.value.growing)
  const speeds: Speed[] = []
  for (const seed of file.ratioMin > 0 ? warmSeeds : []) {
    const run = await timed(file, seed, recipes)
    if (!run.ok) return run
    speeds.push(run.value.speed)
    for (const label of run.value.growing) growing.add(label)
  }
  const cold = first.value.speed
  const warm = speeds.length > 0 ? median(speeds) : null
  const memory = process.resourceUsage().maxRSS / 1000
  return ok({ cold, warm, perMix: (warm ?? cold).eventsPerSecond / loop, memory, growing: [...growing] })
}

/** What falls short of the file, in words. */
export function shortfalls(file: BenchFile, { cold, warm, memory, growing }: Measured): string[] {
  return [
    ...(file.ratioMin > 0 && (warm ?? cold).ratio < file.ratioMin ? [`expected at least ${file.ratioMin} x real time`] : []),
    ...(!file.lagMayGrow && growing.length > 0 ? [`lag grows in ${growing.join(', ')}`] : []),
    ...(file.memoryMax > 0 && memory > file.memoryMax ? [`expected at most ${file.memoryMax} MB`] : []),
  ]
}

/** The run whose ratio is in the middle; of an even number the slower of the two. */
export function median(speeds: readonly Speed[]): Speed {
  return speeds.toSorted((a, b) => a.ratio - b.ratio)[(speeds.length - 1) >> 1] as Speed
}

async function timed(file: BenchFile, seed: string, recipes: readonly Recipe[]): Promise<Result<{ speed: Speed; growing: string[] }>> {
  const checked = checkSpec({ version: 1, model: modelVersion, changes: [], ...file.spec, seed }, recipes, scenarios)
  if (!checked.ok) return checked
  const start = performance.now()
  const report: Report = await driveReport(checked.value)
  const wall = (performance.now() - start) / 1000
  const { simulatedSeconds, events } = report.engine
  return ok({
    speed: { ratio: simulatedSeconds / wall, eventsPerSecond: events / wall },
    growing: report.runs.filter(isLagGrowing).map(({ label }) => label),
  })
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
  const rows = series['lagRecords'] ?? []
  const third = Math.floor(rows.length / 3)
  const most = (part: readonly (number | null)[]): number => part.reduce<number>((sum, value) => Math.max(sum, value ?? 0), 0)
  return most(rows.slice(-third)) > 2 * most(rows.slice(0, third)) && most(rows.slice(-third)) > throughput.offered
}
