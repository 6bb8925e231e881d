import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fidelityOf, fidelityText } from './tidy/fidelity.ts'
import { importFault } from './tidy/imports.ts'
import { faultsOf } from './tidy/rules.ts'
import { listFiles, readSource, root } from './tidy/tree.ts'

const topLevel = /^(src|web|models|scenarios|test|index\.html|vite\.config\.ts|package(-lock)?\.json|tsconfig\.json|README\.md|LICENSE|\..+)$/

const files = listFiles()
const texts = files
  .filter((path) => /^(src|web|models|test)\/.*\.(ts|mjs|css)$/.test(path))
  .flatMap((path) => readSource(path) ?? [])

describe('the tree', () => {
  test('every file keeps the import table, the size limit, its header and the determinism rules', () => {
    expect(texts.length).toBeGreaterThan(5)
    expect(texts.flatMap(faultsOf).join('\n')).toBe('')
  })

  test('only the agreed names stand at the top level', () => {
    const names = [...new Set(files.map((path) => path.split('/')[0] ?? ''))]
    expect(names.filter((name) => !topLevel.test(name))).toEqual([])
  })

  test('models/README.md names every mechanism, and no file that is gone', () => {
    const map = readSource('models/README.md')?.text
    if (map === undefined) return
    const parts = files.filter((path) => /^models\/parts\/.+\.ts$/.test(path)
      && !path.endsWith('/index.ts') && readSource(path) !== undefined)
    expect(parts.filter((path) => !map.includes(path.replace('models/', '')))).toEqual([])
    const named = map.match(/\bparts\/[\w-]+\/[\w.-]+\.ts\b/g) ?? []
    expect(named.filter((path) => !files.includes(`models/${path}`))).toEqual([])
  })

  test('models/fidelity.json says of every mechanism what its file\'s head says', () => {
    // Changed? `npm run fidelity` writes it again.
    const written = fidelityText(files)
    if (process.env['FIDELITY'] === 'write') writeFileSync(join(root, 'models/fidelity.json'), written)
    expect(readSource('models/fidelity.json')?.text).toBe(written)
    const rows = fidelityOf(files) as { state: string; source: string; mechanism: string }[]
    for (const { source, mechanism } of rows) expect([source, mechanism].filter((text) => text.length < 10)).toEqual([])
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['modelled', 'simplified', 'absent']))
  })

  test('the lock file names no registry host', () => {
    expect(readSource('package-lock.json')?.text).not.toMatch(/"resolved": "(?!file:)/)
  })
})

describe('the import table', () => {
  test.each([
    ['src/kernel/random.ts', 'seedrandom/lib/alea.js'],
    ['src/contract/knob.ts', 'src/kernel/index.ts'],
    ['src/scenario/parse.ts', 'yaml'],
    ['src/run/run.ts', 'src/measure/ledger.ts'],
    ['src/host/cli.ts', 'models/index.ts'],
    ['src/host/client.ts', 'comlink'],
    ['models/index.ts', 'models/null/index.ts'],
    ['models/null/index.ts', 'models/null/queue.ts'],
    ['models/kafka-flink/index.ts', 'models/parts/kafka/index.ts'],
    ['models/parts/flink/task.ts', 'models/parts/kafka/index.ts'],
    ['web/app.ts', 'lit'],
    ['web/app.ts', 'src/host/client.ts'],
    ['test/run/run.test.ts', 'models/parts/kafka/isr.ts'],
  ])('%s may import %s', (file, target) => {
    expect(importFault(file, target)).toBeUndefined()
  })

  test.each([
    ['src/kernel/queue.ts', 'seedrandom/lib/alea.js'],
    ['src/kernel/random.ts', 'seedrandom'],
    ['src/kernel/queue.ts', 'src/contract/slice.ts'],
    ['src/measure/ledger.ts', 'src/scenario/parse.ts'],
    ['src/run/run.ts', 'models/index.ts'],
    ['src/run/run.ts', 'node:fs'],
    ['src/host/client.ts', 'models/index.ts'],
    ['src/host/cli.ts', 'models/parts/kafka/index.ts'],
    ['src/host/cli.ts', 'web/app.ts'],
    ['src/extra/a.ts', 'src/kernel/index.ts'],
    ['models/kafka-flink/index.ts', 'models/kinesis-lambda/index.ts'],
    ['models/kafka-flink/index.ts', 'models/parts/kafka/isr.ts'],
    ['models/parts/flink/task.ts', 'models/parts/kafka/isr.ts'],
    ['models/parts/flink/task.ts', 'models/kafka-flink/index.ts'],
    ['models/null/index.ts', 'src/measure/ledger.ts'],
    ['models/null/index.ts', 'web/app.ts'],
    ['web/app.ts', 'models/index.ts'],
    ['web/app.ts', 'src/kernel/time.ts'],
    ['web/app.ts', 'comlink'],
    ['src/host/cli.ts', 'test/kit.ts'],
  ])('%s may not import %s', (file, target) => {
    expect(importFault(file, target)).toEqual(expect.any(String))
  })
})

describe('the rules on text', () => {
  const header = '/**\n * Models: a rule.\n * Source: a document.\n * Leaves out: nothing.\n */\n'

  test.each([
    ['a plain core file', 'src/kernel/a.ts', 'export const a = Math.sqrt(2) + Math.PI\n'],
    ['the word in a text or a comment', 'src/kernel/a.ts', '// 2 ** 3\nexport const a = "for (x in y) **"\n'],
    ['a property called Math', 'src/kernel/a.ts', 'export const a = (b: B) => b.Math\n'],
    ['a header in a block comment', 'models/parts/kafka/isr.ts', header],
    ['a header in line comments', 'models/parts/kafka/isr.ts',
      '// Models: a rule.\n// Source: a document.\n// Leaves out: nothing.\nexport const a = 1\n'],
    ['a part without header: its door', 'models/parts/kafka/index.ts', "export { a } from './isr.ts'\n"],
    ['300 lines', 'web/a.ts', '//\n'.repeat(300)],
    ['a class and an event in a template', 'web/a.ts', 'const a = html`<p class="a" @click=${b}></p>`\n'],
  ])('accept %s', (_, path, text) => {
    expect(faultsOf({ path, text })).toEqual([])
  })

  test.each([
    ['**', 'src/run/a.ts', '\nexport const a = 2 ** 3\n', 'src/run/a.ts:2: '],
    ['for...in', 'models/null/a.ts', 'for (const a in {}) a\n', 'models/null/a.ts:1: '],
    ['Math.hypot', 'src/kernel/a.ts', 'export const a = Math.hypot(1, 2)\n', 'Math.hypot'],
    ['Math taken apart', 'src/kernel/a.ts', 'const { exp } = Math\n', 'Math.[...]'],
    ['Math by a computed name', 'src/kernel/a.ts', 'Math["lo" + "g"](2)\n', 'Math.[...]'],
    ['a dynamic import', 'src/run/a.ts', 'void import("./b.ts")\n', 'while it runs'],
    ['an import across', 'src/kernel/a.ts', "\n\nimport '../run/b.ts'\n", 'src/kernel/a.ts:3: '],
    ['a type across', 'src/kernel/a.ts', "import type { B } from '../run/b.ts'\n", 'src/run/b.ts'],
    ['an import type across', 'src/kernel/a.ts', "type A = import('../run/b.ts').B\n", 'src/run/b.ts'],
    ['a re-export across', 'src/kernel/a.ts', "export * from '../run/b.ts'\n", 'src/run/b.ts'],
    ['an import without extension', 'src/run/a.ts', "import './b'\n", 'no file extension'],
    ['no header', 'models/parts/kafka/isr.ts', 'export const a = 1\n', 'no Models:'],
    ['half a header', 'models/parts/kafka/isr.ts', '// Models: a.\n// Source: b.\n', 'no Leaves out:'],
    ['an empty label', 'models/parts/kafka/isr.ts', header.replace('a document.', ''), 'no Source:'],
    ['301 lines', 'src/run/a.ts', '//\n'.repeat(301), '301 lines'],
    ['unfinished work', 'test/a.test.ts', '// TO' + 'DO: later\n', 'issue'],
    ['a focused test', 'test/a.test.ts', 'test' + '.only("a", () => {})\n', 'proves nothing'],
    ['a switched-off check', 'web/a.ts', '// @ts-' + 'ignore\n', 'type checker'],
    ['an inline style', 'web/a.ts', 'const a = html`<p style="color: red"></p>`\n', 'policy'],
    ['a bound inline style', 'web/a.ts', 'const a = html`<p style=${b}></p>`\n', 'policy'],
    ['markup from text', 'web/a.ts', 'select(a).html(b)\n', 'D3'],
  ])('refuse %s', (_, path, text, message) => {
    expect(faultsOf({ path, text }).join('\n')).toContain(message)
  })
})
