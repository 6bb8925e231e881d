/** `sweep` and `merge` as a person runs them: the built command, threads, files; and their options. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Issue } from '../../src/contract/issue.ts'
import { seedsOf, shardOf, untilOf } from '../../src/host/sweep-options.ts'
import { small } from '../run/small-scenario.ts'
import { root } from '../tidy/tree.ts'

function faultline(...args: string[]): { code: number | null; out: string; err: string } {
  const ended = spawnSync(process.execPath, [join(root, 'src/host/faultline.mjs'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

test('parts merge to the bytes of the whole, and a sweep that was cut short goes on to the same bytes', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  const scenario = join(folder, 'small.md')
  writeFileSync(scenario, small)
  const at = (name: string): string => join(folder, name)
  const sweep = (out: string, ...more: string[]) => faultline(
    'sweep', scenario, '-a', 'a=null', '--vary', 'a.sink.work=1ms,3ms', '--seeds', '4', '--fault', 'crash sink at 4s', '--jobs', '2', '--out', at(out), ...more)
  const whole = sweep('whole')
  expect(whole).toMatchObject({ code: 0, err: '' })
  expect(whole.out).toMatch(/^8 of 8 runs, 4 seeds; mean ± half/)
  expect(whole.out).toMatch(/a sink\.work=3ms {2}\(4 runs\)[\s\S]* more than a sink\.work=1ms, seed by seed/)
  expect(whole.out).toContain('#run1.')

  expect([sweep('one', '--shard', '1/2').code, sweep('two', '--shard', '2/2').code]).toEqual([0, 0])
  expect(faultline('merge', at('two'), at('one'), '--out', at('merged'), '--csv', at('tables'))).toMatchObject({ code: 0, err: '' })
  const bytes = readFileSync(at('whole'), 'utf8')
  expect(readFileSync(at('merged'), 'utf8')).toBe(bytes)
  expect(readFileSync(at('tables/runs.csv'), 'utf8').split('\n')).toHaveLength(10)

  // Killed in the middle of a line: what was finished stays, though its time is not spent again.
  const lines = bytes.split('\n')
  const marked = lines[2]?.replace(/"digest":"[^"]*"/, '"digest":"kept"') as string
  writeFileSync(at('cut'), `${lines[0]}\n${marked}\n${lines[3]?.slice(0, 40)}`)
  expect(sweep('cut').code).toBe(0)
  expect(readFileSync(at('cut'), 'utf8')).toBe(bytes.replace(lines[2] as string, marked))

  expect(sweep('whole', '--seed', '9', '--workload', 'rate=100/s')).toMatchObject({ code: 2, err: expect.stringContaining('holds another sweep') })
})

describe('the options', () => {
  const issuesOf = (read: (issues: Issue[]) => unknown): string[] => {
    const issues: Issue[] = []
    read(issues)
    return issues.map(({ message }) => message)
  }

  test('seeds are a count or a range', () => {
    expect(seedsOf('3', [])).toEqual(['1', '2', '3'])
    expect(seedsOf('5..7', [])).toEqual(['5', '6', '7'])
    for (const text of ['0', '7..5', '1..999999', 'a', '-1', '1e9']) expect(issuesOf((issues) => seedsOf(text, issues)), text).toHaveLength(1)
  })

  test('a part is named, or read from the variables of an array job', () => {
    expect(shardOf('2/4', {}, [])).toEqual({ index: 2, count: 4 })
    expect(shardOf('auto', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '4' }, [])).toEqual({ index: 3, count: 4 })
    expect(shardOf('auto', { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '2' }, [])).toEqual({ index: 1, count: 2 })
    expect(shardOf('auto/8', { JOB_COMPLETION_INDEX: '7' }, [])).toEqual({ index: 8, count: 8 })
    for (const text of ['0/4', '5/4', '2', 'auto', 'auto/0', '1/x', '1/99999']) expect(issuesOf((issues) => shardOf(text, {}, issues)), text).toHaveLength(1)
  })

  test('a stop rule names a figure that there is, and a share', () => {
    expect(untilOf('visible.p99=2%', ['visible.p99'], [])).toEqual({ figure: 'visible.p99', part: 0.02 })
    for (const text of ['visible.p98=2%', 'visible.p99', 'visible.p99=0%', 'visible.p99=2']) {
      expect(issuesOf((issues) => untilOf(text, ['visible.p99'], issues))[0], text).toContain('nearest figures are visible.p99')
    }
  })
})
