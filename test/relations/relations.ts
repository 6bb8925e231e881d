/**
 * Relations between runs: a run and the same run said differently, struck by nothing, carried through a link, or given
 * another guarantee. Each case is a plan of the swarm; each relation says what must be equal, or what may only shrink.
 */
import type { Recipe } from '../../src/contract/architecture.ts'
import { formatFault, parseFault } from '../../src/contract/fault.ts'
import type { ColumnReport, Report, RunSpec } from '../../src/contract/spec.ts'
import { Stream, streamSeed } from '../../src/kernel/index.ts'
import { decodeLink, encodeLink } from '../../src/host/link.ts'
import { reportOf } from '../../src/run/report.ts'
import { runColumns } from '../../src/run/run.ts'
import { checkedSpec } from '../run/checked-run.ts'
import { swarmPlan } from '../run/swarm.ts'

export interface Relation {
  readonly name: string
  /** What is wrong with the case, or an empty list. */
  readonly check: (recipe: Recipe, number: number) => Promise<readonly string[]>
}

function reportFor(spec: RunSpec, recipe: Recipe): Report {
  const checked = checkedSpec(spec, [recipe])
  return reportOf(checked, runColumns(checked, {}, () => undefined))
}

/** A plan of the swarm, shorter: what is compared is whole runs, twice. */
function caseOf(recipe: Recipe, number: number): RunSpec {
  return { ...swarmPlan(recipe, 10_000 + number), quiet: '60s' }
}

/** Draws for the way in which a case is said differently. */
function draws(recipe: Recipe, number: number, relation: string): Stream {
  return new Stream(streamSeed(relation, `${recipe.id}/${number}`))
}

function shuffled<T>(items: readonly T[], stream: Stream): T[] {
  const left = [...items]
  const order: T[] = []
  while (left.length > 0) order.push(...left.splice(stream.below(left.length), 1))
  return order
}

/** Both runs have one digest, and say so of the arrivals too. */
function sameDigest(one: Report, other: Report): string[] {
  return [
    ...(one.digest === other.digest ? [] : [`digest ${one.digest}, then ${other.digest}`]),
    ...(one.offeredDigest === other.offeredDigest ? [] : [`arrivals ${one.offeredDigest}, then ${other.offeredDigest}`]),
  ]
}

/** Lines of a block of YAML in another order, each with the lines that are indented deeper. */
function permuted(text: string, block: string, stream: Stream): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.trim() === `${block}:`)
  const depth = (line: string): number => line.length - line.trimStart().length
  const indent = depth(lines[start + 1] as string)
  let end = start + 1
  while (end < lines.length && depth(lines[end] as string) >= indent && lines[end]?.trim() !== '') end++
  const entries: string[][] = []
  for (const line of lines.slice(start + 1, end)) {
    if (depth(line) === indent) entries.push([line])
    else entries.at(-1)?.push(line)
  }
  return [...lines.slice(0, start + 1), ...shuffled(entries, stream).flat(), ...lines.slice(end)].join('\n')
}

/** The same lengths in other units: 7300ms for 7.3s. */
function inMilliseconds(text: string): string {
  return text.replace(/\b(\d+(?:\.\d+)?)s\b/g, (_all, seconds: string) => `${Math.round(Number(seconds) * 1000)}ms`)
}

function inMicroseconds(text: string): string {
  return inMilliseconds(text).replace(/\b(\d+)ms\b/g, '$1000us')
}

export const relations: readonly Relation[] = [
  {
    name: 'keys of scenario and settings in another order: the same digest',
    check: async (recipe, number) => {
      const spec = caseOf(recipe, number)
      const stream = draws(recipe, number, 'permute')
      const [only] = spec.architectures
      const settings = Object.fromEntries(shuffled(Object.entries(only?.settings ?? {}), stream))
      let scenario = spec.scenario
      for (const block of ['simulation', 'workload', 'sizing']) scenario = permuted(scenario, block, stream)
      return sameDigest(reportFor(spec, recipe), reportFor({ ...spec, scenario, architectures: [{ ...only, id: recipe.id, settings }] }, recipe))
    },
  },
  {
    name: 'the same lengths in other units: the same digest',
    check: async (recipe, number) => {
      const spec = caseOf(recipe, number)
      const [only] = spec.architectures
      // Not every setting counts below a millisecond; faults and scenarios do.
      const settings = Object.fromEntries(Object.entries(only?.settings ?? {}).map(([key, value]) => [key, /^\d+s$/.test(value) ? inMilliseconds(value) : value]))
      const said: RunSpec = {
        ...spec, scenario: spec.scenario.replace(/checkpoint_interval: 1s/, 'checkpoint_interval: 1000ms').replace('duration: 14s', 'duration: 14000ms'),
        faults: spec.faults.map(inMicroseconds), quiet: '60000ms', architectures: [{ ...only, id: recipe.id, settings }],
      }
      return sameDigest(reportFor(spec, recipe), reportFor(said, recipe))
    },
  },
  {
    name: 'a fault that strikes nothing: the same digest',
    check: async (recipe, number) => {
      const spec = caseOf(recipe, number)
      const stream = draws(recipe, number, 'idle')
      const never = [`crash broker-1 on ${recipe.id === 'kinesis-lambda' ? 'lambda.write-applied' : 'kafka.leader-elected'} #1000000`, 'crash source-1 on process.died #1000000 after 13s']
        .filter((text) => {
          const parsed = parseFault(text)
          return parsed.ok && recipe.refuses(parsed.value.kind, parsed.value.target) === null
        })
      const at = stream.below(spec.faults.length + 1)
      const faults = [...spec.faults.slice(0, at), never[stream.below(never.length)] as string, ...spec.faults.slice(at)]
      return sameDigest(reportFor(spec, recipe), reportFor({ ...spec, faults }, recipe))
    },
  },
  {
    name: 'through a share link and back, and faults through their own text: the same digest',
    check: async (recipe, number) => {
      const spec = caseOf(recipe, number)
      const read = await decodeLink(await encodeLink(spec))
      if (!read.ok) return [read.issues[0]?.message ?? 'refused']
      const faults = read.value.faults.map((text) => {
        const parsed = parseFault(text)
        return parsed.ok ? formatFault(parsed.value) : text
      })
      return sameDigest(reportFor(spec, recipe), reportFor({ ...read.value, faults }, recipe))
    },
  },
  {
    name: 'another label, and a second column beside it: the same digest of the column',
    check: async (recipe, number) => {
      const spec = caseOf(recipe, number)
      const [only] = spec.architectures
      const alone = reportFor(spec, recipe).runs[0] as ColumnReport
      const beside = reportFor({ ...spec, architectures: [{ id: recipe.id, label: 'first' }, { ...only, id: recipe.id, label: 'second' }] }, recipe).runs[1] as ColumnReport
      return alone.digest === beside.digest ? [] : [`digest ${alone.digest} alone, ${beside.digest} beside another`]
    },
  },
  {
    name: 'end states of every view sum to what was offered, and its causes to its losses and repeats',
    check: async (recipe, number) => {
      const problems: string[] = []
      for (const { views, totals: { offered } } of reportFor(caseOf(recipe, number), recipe).runs) {
        for (const { sink, reader, totals, causes, unexplained } of views) {
          const name = `${sink}/${reader}`
          const sum = totals.delivered + totals.retracted + totals.deadLettered + totals.late + totals.filtered + totals.refused + totals.lost + totals.pending
          const whole = sink === 'dead-letters' ? totals.offered : offered
          if (sum !== whole) problems.push(`${name}: end states sum to ${sum} of ${whole}`)
          if (unexplained !== 0) problems.push(`${name}: ${unexplained} unexplained`)
          const booked = (kind: string): number => causes.filter((line) => line.kind === kind).reduce((all, line) => all + line.records, 0)
          if (booked('lost') !== totals.lost) problems.push(`${name}: ${totals.lost} lost, ${booked('lost')} booked`)
          if (booked('duplicate') !== totals.duplicates) problems.push(`${name}: ${totals.duplicates} repeats, ${booked('duplicate')} booked`)
        }
      }
      return problems
    },
  },
]
