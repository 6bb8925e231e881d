/** The runner of `npm test` in a small project whose tools are stand-ins with a chosen outcome. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchProject } from './scratch.ts'

type Outcome = { types?: number; lint?: number; vitest?: number; report?: object | null }

const passing = { numTotalTests: 5, numPassedTests: 5, numFailedTests: 0, testResults: [] }

function closingLine(outcome: Outcome): [line: string, status: number | null] {
  const { types = 0, lint = 0, vitest = 0, report = passing } = outcome
  const folder = scratchProject('test.mjs')
  const tool = (owner: string, name: string, text: string) => {
    const home = join(folder, 'node_modules', owner)
    mkdirSync(home, { recursive: true })
    writeFileSync(join(home, 'package.json'), JSON.stringify({ bin: { [name]: 'bin.cjs' } }))
    writeFileSync(join(home, 'bin.cjs'), text)
  }
  tool('@typescript/native', 'tsc', `process.exit(${types})`)
  tool('oxlint', 'oxlint', `process.exit(${lint})`)
  const write = `require('node:fs').writeFileSync(
    process.argv.find((arg) => arg.startsWith('--outputFile')).split('=')[1],
    ${JSON.stringify(JSON.stringify(report))})`
  tool('vitest', 'vitest', `${report === null ? '' : write}\nprocess.exit(${vitest})`)
  const ended = spawnSync(process.execPath, [join(folder, 'src/host/test.mjs')], { encoding: 'utf8' })
  return [ended.stdout.trimEnd().split('\n').at(-1) ?? '', ended.status]
}

test.each<[string, Outcome, string, number]>([
  ['all is well', {}, '8 passed, 0 failed', 0],
  ['the types are wrong', { types: 2 }, '6 passed, 2 failed', 1],
  ['the linter complains', { lint: 1 }, '7 passed, 1 failed', 1],
  ['two tests fail', { vitest: 1, report: { ...passing, numPassedTests: 3, numFailedTests: 2 } },
    '6 passed, 2 failed', 1],
  ['a file cannot be loaded',
    { vitest: 1, report: { ...passing, testResults: [{ status: 'failed', assertionResults: [] }] } },
    '8 passed, 1 failed', 1],
  ['an error outside of all tests', { vitest: 1 }, '8 passed, 1 failed', 1],
  ['vitest breaks down', { vitest: 1, report: null }, '3 passed, 1 failed', 1],
  ['there are no tests',
    { report: { ...passing, numTotalTests: 0, numPassedTests: 0 } }, '3 passed, 1 failed', 1],
])('the closing line and the exit code when %s', (_, outcome, line, status) => {
  expect(closingLine(outcome)).toEqual([line, status])
})
