#!/usr/bin/env node
// Nanoseconds a message, a job of a server, a moved time-out, and an object of a keyframe's copy:
// `node test/bench/message.bench.mjs`, about 10 seconds. Each figure is set against a bare event (the hold of
// the speed workloads, 100 pending) in the same process, and the median of the paired ratios counts. Exits with
// 1 where a ratio is above its ceiling (about twice what was measured, for shared machines).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const rounds = 9
const pieces = 200_000
const works = [
  { work: 'message', ceiling: 5 },
  { work: 'job', ceiling: 3.5 },
  { work: 'timer', ceiling: 2 },
  { work: 'copied', ceiling: 20 },
]

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = mkdtempSync(join(tmpdir(), 'message-bench-'))
await build({
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { 'faultline/kernel': join(here, '../../src/kernel/index.ts') } },
  ssr: { noExternal: true },
  build: { ssr: join(here, 'message-work.mjs'), outDir, minify: false, rolldownOptions: { output: { entryFileNames: 'work.mjs' } } },
})
const all = await import(pathToFileURL(join(outDir, 'work.mjs')).href)
rmSync(outDir, { recursive: true })

const timed = (work) => {
  const start = process.hrtime.bigint()
  all[work](pieces)
  return Number(process.hrtime.bigint() - start) / pieces
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

let failed = 0
for (const { work, ceiling } of works) {
  for (let i = 0; i < 3; i++) {
    timed('hold')
    timed(work)
  }
  const figures = []
  const ratios = []
  for (let i = 0; i < rounds; i++) {
    const bare = timed('hold')
    figures.push(timed(work))
    ratios.push(figures[i] / bare)
  }
  const isGood = median(ratios) <= ceiling
  if (!isGood) failed++
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${work}: ${median(figures).toFixed(0)} ns, `
    + `${median(ratios).toFixed(2)} bare events (ceiling ${ceiling})`)
}
process.exitCode = failed === 0 ? 0 : 1
