#!/usr/bin/env node
// The ladder queue against a 4-ary heap on equal work: `node test/bench/queue.bench.mjs`, about 30
// seconds. Each pair runs in one fresh process; the median of the paired ratios counts. Exits with 1
// where a ratio is below its floor (half of what was measured, for shared machines) or an order differs.
// Not a Vitest file: there, imported functions are property reads, which costs more than the queue.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const works = [
  { work: 'hold', count: 2, floor: 0.5 },
  { work: 'hold', count: 100, floor: 0.8 },
  { work: 'hold', count: 1_000, floor: 0.9 },
  { work: 'hold', count: 10_000, floor: 1 },
  { work: 'hold', count: 100_000, floor: 1 },
  { work: 'bursts', count: 2_000, floor: 1 },
]
const rounds = 5
const steps = 1_000_000

if (process.argv[2] === 'round') await round(process.argv[3], JSON.parse(process.argv[4]))
else await main()

async function round(file, { work, count, ladderFirst }) {
  const { timed } = await import(pathToFileURL(file).href)
  const kinds = ladderFirst ? ['ladder', 'heap'] : ['heap', 'ladder']
  for (const kind of kinds) timed(kind, work, count, steps / 5)
  const result = Object.fromEntries(kinds.map((kind) => [kind, timed(kind, work, count, steps)]))
  process.stdout.write(JSON.stringify(result))
}

async function main() {
  const { build } = await import('vite')
  const here = fileURLToPath(new URL('.', import.meta.url))
  const outDir = mkdtempSync(join(tmpdir(), 'queue-bench-'))
  const entry = join(here, 'queue-work.ts')
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: entry, outDir, emptyOutDir: true, minify: false },
  })
  let failed = 0
  for (const { work, count, floor } of works) {
    const results = []
    for (let i = 0; i < rounds; i++) {
      const order = JSON.stringify({ work, count, ladderFirst: i % 2 === 0 })
      const args = [fileURLToPath(import.meta.url), 'round', join(outDir, 'queue-work.js'), order]
      results.push(JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout))
    }
    const isSame = results.every(({ heap, ladder }) => heap.order === ladder.order)
    const ratio = median(results.map(({ heap, ladder }) => heap.nanos / ladder.nanos))
    const nanos = median(results.map(({ ladder }) => ladder.nanos))
    const isGood = isSame && ratio >= floor
    if (!isGood) failed++
    console.log(`${isGood ? 'ok  ' : 'FAIL'} ${work} ${count}: ${nanos.toFixed(0)} ns a step, `
      + `${ratio.toFixed(2)} x the heap (floor ${floor})${isSame ? '' : ', another order'}`)
  }
  rmSync(outDir, { recursive: true })
  process.exitCode = failed === 0 ? 0 : 1
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
