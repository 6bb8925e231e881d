/** The words behind a command, taken apart; nothing is looked up here, and every oddity is listed. */
import { quoted, type Issue } from '../contract/issue.ts'

/** Options that take a value; those in `many` may be given several times. */
const valued = [
  '-a', '--preset', '--set', '--fault', '--change', '--workload', '--seed', '--duration', '--warmup', '--quiet', '--out',
  '--csv', '--record', '--only', '--constraint', '--plans', '--faults', '--kinds', '--seeds', '--jobs', '--vary', '--shard', '--until',
] as const
const many: readonly string[] = ['-a', '--vary', '--set', '--fault', '--change', '--workload']
const flags = ['--json', '--assert'] as const

export type ValuedOption = (typeof valued)[number]
export type FlagOption = (typeof flags)[number]

export interface Arguments {
  readonly command: string
  /** What is no option, in order. */
  readonly words: readonly string[]
  readonly values: Readonly<Partial<Record<ValuedOption, readonly string[]>>>
  readonly flags: readonly FlagOption[]
}

/** What makes a RunSpec of a scenario. */
const ofRun: readonly ValuedOption[] = ['-a', '--preset', '--set', '--fault', '--change', '--workload', '--seed', '--duration', '--warmup', '--quiet']

/** What each command takes. */
const accepts: Readonly<Record<string, { readonly words: number; readonly options: readonly string[] }>> = {
  list: { words: 1, options: [] },
  run: { words: 1, options: [...ofRun, '--out', '--csv', ...flags] },
  check: { words: 1, options: [] },
  trace: { words: 1, options: [...ofRun, '--out', '--record', '--json'] },
  replay: { words: 1, options: ['--json', '--out', '--csv', '--assert'] },
  break: { words: 1, options: [...ofRun, '--constraint', '--plans', '--faults', '--kinds', '--seeds', '--jobs', '--out', '--json'] },
  sweep: { words: 1, options: [...ofRun, '--vary', '--seeds', '--jobs', '--shard', '--until', '--out', '--csv', '--json'] },
  merge: { words: 10_000, options: ['--out', '--csv', '--json'] },
  fidelity: { words: 1, options: ['--json'] },
  validate: { words: 0, options: ['--only', '--json'] },
  bench: { words: 0, options: ['--only', '--json'] },
}

export const commands: readonly string[] = Object.keys(accepts)

/** The last value of an option that is given once. */
export function valueOf(args: Arguments, name: ValuedOption): string | undefined {
  return args.values[name]?.at(-1)
}

/** A whole number between two bounds, `usual` where the option is not given. */
export function wholeOf(args: Arguments, name: ValuedOption, usual: number, min: number, max: number, issues: Issue[]): number {
  const text = valueOf(args, name)
  if (text === undefined) return usual
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  issues.push({ code: 'cli.number', path: name, line: null, message: `expected a whole number from ${min} to ${max}, found ${quoted(text)}` })
  return usual
}

/** Issues name the word that was wrong. */
export function parseArguments(argv: readonly string[]): { readonly args: Arguments; readonly issues: readonly Issue[] } {
  const issues: Issue[] = []
  const wrong = (path: string, message: string): void => {
    issues.push({ code: 'cli.argument', path, line: null, message })
  }
  const [command = '', ...rest] = argv
  const accepted = Object.hasOwn(accepts, command) ? accepts[command] : undefined
  if (accepted === undefined) wrong('', `${quoted(command)} is no command: expected one of ${commands.join(', ')}`)
  const words: string[] = []
  const values: Partial<Record<ValuedOption, string[]>> = {}
  const given: FlagOption[] = []
  for (let i = 0; i < rest.length; i++) {
    let word = rest[i] as string
    let inline: string | undefined
    if (/^--[a-z]+=/.test(word)) {
      inline = word.slice(word.indexOf('=') + 1)
      word = word.slice(0, word.indexOf('='))
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const isKnown = accepted === undefined || accepted.options.includes(word)
    if (!isKnown) wrong(word, `${quoted(word)} is no option of ${command}: expected ${accepted.options.length === 0 ? 'none' : accepted.options.join(', ')}`)
    const flag = flags.find((name) => name === word)
    if (flag !== undefined) {
      given.push(flag)
      continue
    }
    const name = valued.find((known) => known === word)
    if (name === undefined) {
      if (isKnown) wrong(word, `${quoted(word)} is no option: expected one of ${[...valued, ...flags].join(', ')}`)
      continue
    }
    const value = inline ?? rest[++i]
    if (value === undefined) wrong(word, `expected a value after ${word}`)
    else if (values[name] !== undefined && !many.includes(name)) wrong(word, `expected ${word} once`)
    else (values[name] ??= []).push(value)
  }
  if (accepted !== undefined && words.length > accepted.words) {
    const most = accepted.words === 0 ? 'no further word' : `at most ${accepted.words} word`
    wrong('', `expected ${most} after ${command}, found ${words.map(quoted).join(' ')}`)
  }
  return { args: { command, words, values, flags: given }, issues }
}

/** The whole usage, for people. */
export const usage = `faultline: break two streaming architectures on one clock and see why

  faultline list [ARCHITECTURE]              scenarios and architectures; settings and targets of one
  faultline run SCENARIO [options]           a scenario's id or file
  faultline check FILE                       every issue of a scenario file or a RunSpec
  faultline trace SCENARIO --record source-1:100 [options]
  faultline replay FILE|LINK [options]       a RunSpec, a Report or a share link, compared by digest
  faultline break SCENARIO -a ID --constraint C [options]
                                             the smallest fault plan that breaks a constraint
  faultline sweep SCENARIO [options]         many seeds and settings, with intervals and paired differences
  faultline merge FILE...                    the parts of one sweep as one
  faultline fidelity [PRODUCT]               what is modelled, simplified or absent
  faultline validate [--only NAME]           the models against theory and arithmetic, row by row
  faultline bench [--only NAME]              speed against real time

  -a [label=]id             a column; again for another (default: kafka-flink and kinesis-lambda)
  --preset P                tuned (default), defaults or as-shipped, for all columns
  --set label.key=value     a setting of one column; the first dot splits
  --fault "crash broker-1 at 30s for 20s"    --change "30s label.key=value"
  --workload rate=1000/s    --seed S    --duration 60s    --warmup 10s    --quiet 180s
  --json    --out FILE    --csv DIR          the Report as JSON, its series as tables
  --plans 200    --faults 3    --kinds crash,cut    --seeds 20    --jobs 2
                            break: most plans, most faults a plan, what is drawn, seeds tried again, threads
  --vary label.key=v1,v2    sweep: a setting and its values; again for another
  --seeds 100 or 5..14    --until visible.p99=2%    --shard 1/4 or auto
                            sweep: which seeds, when it is narrow enough, which part of it to run
  --assert                  end with 1 unless every measured constraint is met

Ends with 0 done, 1 the answer is no, 2 wrong input, 3 our own bug, 4 a named stop, 130 interrupted.
`
