/**
 * About 10 seconds: packs the project, unpacks it elsewhere without node_modules, and uses what a
 * reader of the package would: both entries, their types, and the command.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from '../tidy/tree.ts'

function run(command: string, args: string[], cwd: string): string {
  const shell = process.platform === 'win32'
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', shell })
  expect({ command, args, status, stderr: status === 0 ? '' : stdout + stderr })
    .toEqual({ command, args, status: 0, stderr: '' })
  return stdout
}

const reader = `
import * as faultline from 'faultline'
import type { Report, RunSpec } from 'faultline'
import * as kernel from 'faultline/kernel'
export const run: typeof faultline.run = faultline.run
export type Both = [RunSpec, Report]
export const at: ReturnType<typeof kernel.nanos> = kernel.nanos(1)
// @ts-expect-error The types are real ones: a name that is not there is refused.
export const nothing = kernel.thereIsNoSuchName
`

test('the packed project gives the library, the kernel, their types and the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  run('npm', ['pack', '--pack-destination', folder], root)
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  run('tar', ['-xzf', archive], folder)
  mkdirSync(join(folder, 'node_modules'))
  const installed = join(folder, 'node_modules/faultline')
  renameSync(join(folder, 'package'), installed)

  writeFileSync(join(folder, 'package.json'), '{ "name": "reader", "type": "module" }\n')
  writeFileSync(join(folder, 'use.mjs'), `
    import { run } from 'faultline'
    import { nanos } from 'faultline/kernel'
    console.log(typeof run, nanos(7))
  `)
  expect(run(process.execPath, ['use.mjs'], folder)).toBe('function 7\n')

  writeFileSync(join(folder, 'use.ts'), reader)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, types: [] },
    files: ['use.ts'],
  }))
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
  run(process.execPath, [tsc, '-p', 'tsconfig.json'], folder)

  const listed = run(process.execPath, [join(installed, 'src/host/faultline.mjs'), 'list'], folder)
  expect(listed).toContain('kafka-flink')
}, 120_000)
