import { expect, test } from 'vitest'
import { faultKinds } from '../../src/contract/fault.ts'
import { fileWith, loaded, readProjectFile } from './kit.ts'

const readme = readProjectFile('scenarios/README.md')

test('the table of faults in scenarios/README.md is the table of the program', () => {
  const rows = faultKinds.map(({ kind, example, help }) => `| ${kind} | \`${example}\` | ${help} |`)
  const table = ['| kind | example | what happens |', '| --- | --- | --- |', ...rows].join('\n')
  expect(/<!-- faults -->\n([\s\S]*?)\n<!-- \/faults -->/.exec(readme)?.[1]).toBe(table)
})

test('the demonstration in scenarios/README.md loads', () => {
  const block = /```yaml\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? ''
  expect(loaded(fileWith(block)).simulation.demonstration?.expect).toHaveLength(3)
})
