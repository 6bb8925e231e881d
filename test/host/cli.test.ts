/** The command line as a function: what it prints, what it leaves behind, how it ends. Small runs of the null pipeline. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Report } from '../../src/contract/spec.ts'
import { encodeLink } from '../../src/host/link.ts'
import { main } from '../../src/host/cli.ts'
import { run as libraryRun, check, InputError } from '../../src/host/library.ts'
import { specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function faultline(...argv: string[]): Promise<Said> {
  let out = ''
  let err = ''
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
  try {
    return { code: await main(argv), out, err }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
  }
}

/** A folder with the small scenario in it. */
function folder(): { path: string; scenario: string } {
  const path = mkdtempSync(join(tmpdir(), 'faultline-'))
  onTestFinished(() => { rmSync(path, { recursive: true, force: true }) })
  const scenario = join(path, 'small.md')
  writeFileSync(scenario, small)
  return { path, scenario }
}

describe('run', () => {
  test('prints a report for people: verdicts, figures, causes in words', async () => {
    const { scenario } = folder()
    const { code, out } = await faultline('run', scenario, '-a', 'a=null', '-a', 'b=null', '--set', 'b.sink.acks=before-write', '--set', 'b.sink.work=4ms', '--fault', 'crash sink at 4s', '--seed', '1')
    expect(code).toBe(0)
    for (const words of ['seed 1', 'fault: crash sink at 4s', 'durability: zero message loss', 'NOT MET', 'In the memory of the sink when it died', '(null.sink-died)', 'What differs', 'durability is met by a and not by b', 'digest ']) {
      expect(out).toContain(words)
    }
  })

  test('gives the Report as JSON, to a file and as tables', async () => {
    const { path, scenario } = folder()
    const file = join(path, 'report.json')
    const { code, out } = await faultline('run', scenario, '-a', 'null', '--json', '--out', file, '--csv', path)
    expect(code).toBe(0)
    const report = JSON.parse(out) as Report
    expect(report).toMatchObject({ version: 1, detail: 'record', spec: { version: 1, scenario: small, seed: '1' } })
    expect(report.runs[0]!.series['time']).toHaveLength(10)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(report)
    expect(readFileSync(join(path, 'totals.csv'), 'utf8')).toContain(`null,results,reader,delivered,${report.runs[0]!.totals.delivered}\n`)
    expect(readFileSync(join(path, 'series-null.csv'), 'utf8').split('\n')).toHaveLength(12)
  })

  test('ends with 1 under --assert when a constraint is not met, with 0 when all are', async () => {
    const { scenario } = folder()
    expect((await faultline('run', scenario, '-a', 'null', '--assert')).code).toBe(0)
    expect((await faultline('run', scenario, '-a', 'null', '--assert', '--fault', 'crash queue at 3s for 3s')).code).toBe(1)
  })

  test('takes the faults of the scenario first, and overrides of workload, duration and settings', async () => {
    const { path } = folder()
    const scenario = join(path, 'struck.md')
    writeFileSync(scenario, small.replace('duration: 8s', 'duration: 8s\n  faults: ["crash sink at 2s"]'))
    const { out } = await faultline('run', scenario, '-a', 'null', '--json', '--duration', '5s', '--workload', 'rate=50/s', '--fault', 'pause sink at 4500ms for 100ms', '--change', '1s null.sink.work=1ms', '--preset', 'defaults')
    const { spec, runs } = JSON.parse(out) as Report
    expect(spec).toMatchObject({ duration: '5s', workload: { rate: '50/s' }, faults: ['crash sink at 2s', 'pause sink at 4500ms for 100ms'], architectures: [{ preset: 'defaults' }] })
    expect(runs[0]!.totals.offered).toBeLessThan(350)
    expect(runs[0]!.facts.some(({ code }) => code === 'change.made')).toBe(true)
  })
})

describe('wrong input', () => {
  test.each<[string[], string]>([
    [['frobnicate'], '"frobnicate" is no command: expected one of list, run'],
    [['run'], 'expected a scenario after run'],
    [['run', 'no-such-file.md'], '"no-such-file.md" is neither a file nor a scenario: the nearest are'],
    [['run', 'fraud-detection', '-a', 'nope'], '"nope" is no architecture'],
    [['run', 'fraud-detection', '-a', 'null', '--set', 'other.sink.acks=x'], '"other" is no column in "other.sink.acks=x": expected one of null'],
    [['run', 'fraud-detection', '-a', 'null', '--set', 'nonsense'], 'expected label.key=value, found "nonsense"'],
    [['run', 'fraud-detection', '-a', 'null', '--set', 'null.sink.acks=x'], 'sink.acks: expected one of after-write, before-write, found "x"'],
    [['run', 'fraud-detection', '-a', 'null', '--fault', 'crash sink at 10'], '"10" has no unit'],
    [['run', 'fraud-detection', '-a', 'null', '--duration', '1e99s'], '1e99s'],
    [['run', 'fraud-detection', '--wat'], '"--wat" is no option of run'],
    [['run', 'fraud-detection', '--seed'], 'expected a value after --seed'],
    [['run', 'fraud-detection', '--seed', '1', '--seed', '2'], 'expected --seed once'],
    [['run', 'fraud-detection', 'extra'], 'expected at most 1 word after run'],
    [['list', 'nope'], '"nope" is no architecture'],
    [['check', 'no-such-file.md'], 'no-such-file.md'],
    [['replay', 'nothing'], '"nothing" is neither a file nor a share link'],
    [['replay', '#run1.!!!'], 'expected letters, digits'],
    [['trace', 'fraud-detection', '-a', 'null', '--record', 'source-9:1'], '--record: expected a record such as source-1:100'],
    [['bench', '--only', 'nope'], '"nope" is no workload'],
  ])('%j ends with 2 and says why, without a stack', async (argv, message) => {
    const { code, out, err } = await faultline(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(message)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('every issue is listed, those of a file with their line', async () => {
    const { path } = folder()
    const scenario = join(path, 'bad.md')
    writeFileSync(scenario, small.replace('duration: 8s', 'duration: 8').replace('rate: 200/s', 'rate: 200'))
    const { code, err } = await faultline('check', scenario)
    expect(code).toBe(2)
    expect(err.trim().split('\n')).toHaveLength(2)
    expect(err).toMatch(/bad\.md: simulation\.duration line 10: .*has no unit/)
  })
})

describe('the other commands', () => {
  test('list names scenarios and architectures, and the settings, targets and faults of one', async () => {
    const { out } = await faultline('list')
    for (const words of ['fraud-detection', 'kafka-flink', 'kinesis-lambda', 'null']) expect(out).toContain(words)
    const one = await faultline('list', 'null')
    for (const words of ['sink.acks = after-write', 'processor-1', 'crash broker-1 at 30s for 20s', 'can change while running']) expect(one.out).toContain(words)
  })

  test('check says what a file holds', async () => {
    const { scenario } = folder()
    const { code, out } = await faultline('check', scenario)
    expect({ code, out }).toEqual({ code: 0, out: `${scenario}: "Small", 0 questions, 0 architectures, a simulation block, without issues\n` })
  })

  test('replay runs a Report, a RunSpec or a link again and compares the digest', async () => {
    const { path, scenario } = folder()
    const file = join(path, 'report.json')
    await faultline('run', scenario, '-a', 'null', '--fault', 'crash sink at 3s', '--out', file)
    const again = await faultline('replay', file)
    expect(again.code).toBe(0)
    expect(again.out).toContain('The same digest as in the file.')
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report
    writeFileSync(file, JSON.stringify({ ...report, digest: 'other' }))
    expect((await faultline('replay', file)).code).toBe(1)
    writeFileSync(file, JSON.stringify(report.spec))
    expect(JSON.parse((await faultline('replay', file, '--json')).out)).toEqual(report)
    expect((await faultline('check', file)).out).toContain('a RunSpec of 1 columns, without issues')
    const link = `http://localhost/#${await encodeLink(report.spec)}`
    expect((JSON.parse((await faultline('replay', link, '--json')).out) as Report).digest).toBe(report.digest)
  })

  test('trace tells the life of a record in every column', async () => {
    const { scenario } = folder()
    const { code, out } = await faultline('trace', scenario, '-a', 'a=null', '-a', 'b=null', '--record', 'source-2:40')
    expect(code).toBe(0)
    expect(out.match(/Born as source-2:40/g)).toHaveLength(2)
    expect(out).toContain('Readable in results/reader')
  })

  test('break names every wrong option before anything runs', async () => {
    const { code, err } = await faultline('break', 'fraud-detection', '--constraint', 'dura', '--plans', '0', '--kinds', 'crahs', '--jobs', 'many')
    expect(code).toBe(2)
    expect(err).toContain('--plans: expected a whole number from 1 to 1000000, found "0"')
    expect(err).toContain('--jobs: expected a whole number from 1 to 64, found "many"')
    expect(err).toContain('--kinds: "crahs" is no kind of fault: the nearest are crash')
    expect(err).toContain('--constraint: expected a constraint of the scenario (latency, throughput, durability')
    expect(err).toContain('-a: expected one architecture to break, found 2')
  })

  test('without a command the usage is printed', async () => {
    expect(await faultline()).toMatchObject({ code: 2, out: expect.stringContaining('faultline run SCENARIO') })
    expect(await faultline('--help')).toMatchObject({ code: 0 })
  })
})

describe('the library', () => {
  test('runs what the command runs, and lists issues', async () => {
    const spec = specFor('null', small)
    const { scenario } = folder()
    const { out } = await faultline('run', scenario, '-a', 'null', '--json')
    expect(libraryRun(spec).runs[0]!.digest).toBe((JSON.parse(out) as Report).runs[0]!.digest)
    expect(check({ ...spec, faults: ['gibberish'] })).toHaveLength(1)
    expect(() => libraryRun({ ...spec, duration: '30' })).toThrow(InputError)
  })
})
