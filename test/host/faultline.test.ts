/**
 * Each test makes a small project of its own: the committed bin, a command line of two lines and
 * the real packages, so that a build takes a fraction of a second and nothing of ours is rebuilt.
 */
import { spawn } from 'node:child_process'
import {
  appendFileSync, existsSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../tidy/tree.ts'
import { scratchProject } from './scratch.ts'

function project({ modules = true } = {}): string {
  const folder = scratchProject('faultline.mjs', 'build.mjs')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  writeFileSync(join(folder, 'vite.config.ts'), '')
  writeFileSync(join(folder, 'src/host/cli.ts'), cli('first'))
  if (modules) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

const cli = (word: string) => `
export async function main(argv: string[]): Promise<number> {
  console.log('${word} ' + argv.join(' '))
  return argv.length
}
`

type Ended = { code: number | null; out: string; err: string }

function call(folder: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(folder, 'src/host/faultline.mjs'), ...args])
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', (text) => { ended.out += String(text) })
  child.stderr.on('data', (text) => { ended.err += String(text) })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}

/** Finished builds and forgotten drafts. */
function builds(folder: string): string[] {
  const inside = join(folder, 'dist/node')
  if (!existsSync(inside)) return []
  return readdirSync(inside).filter((name) => statSync(join(inside, name)).isDirectory())
}

test('without packages the command says one sentence and ends with 2', async () => {
  const { code, out, err } = await call(project({ modules: false }), 'list')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^[^\n]*npm ci[^\n]*\n$/)
})

test('the command passes its arguments on and ends with the code of main', async () => {
  expect(await call(project(), 'run', 'x')).toEqual({ code: 2, out: 'first run x\n', err: '' })
})

test('a build is used again until a source changes', async () => {
  const folder = project()
  await call(folder)
  const [first] = builds(folder)
  await call(folder)
  expect(builds(folder)).toEqual([first])
  writeFileSync(join(folder, 'src/host/cli.ts'), cli('second'))
  expect((await call(folder)).out).toBe('second \n')
  expect(builds(folder)).toHaveLength(2)
})

test('two processes that build at once both run, and leave one build and no drafts', async () => {
  const folder = project()
  const ended = await Promise.all([call(folder, 'a'), call(folder, 'b')])
  expect(ended.map(({ code, out }) => [code, out])).toEqual([[1, 'first a\n'], [1, 'first b\n']])
  expect(builds(folder)).toHaveLength(1)
})

test('a source that does not compile ends with 3 and leaves no draft', async () => {
  const folder = project()
  appendFileSync(join(folder, 'src/host/cli.ts'), 'export const = 1\n')
  const { code, err } = await call(folder)
  expect(code).toBe(3)
  expect(err).toContain('cli.ts')
  expect(builds(folder)).toEqual([])
})

test('a build that came with the package runs although its sources are not there', async () => {
  const folder = project()
  await call(folder)
  rmSync(join(folder, 'vite.config.ts'))
  rmSync(join(folder, 'src/host/cli.ts'))
  rmSync(join(folder, 'node_modules'))
  expect(await call(folder, 'a')).toEqual({ code: 1, out: 'first a\n', err: '' })
})
