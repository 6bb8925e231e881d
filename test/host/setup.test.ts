/**
 * The set-up runs in a small project of its own with a stand-in for npm (npm itself would need the
 * network) that leaves the folder npm would make.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratchProject } from './scratch.ts'

/** Counts its calls in npm-calls and installs exactly what the lock file names. */
const npm = `
const fs = require('node:fs')
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
fs.mkdirSync('node_modules', { recursive: true })
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
process.exit(fs.existsSync('offline') ? 1 : 0)
`

const lock = (version: string) => JSON.stringify({
  packages: {
    '': { name: 'x' },
    'node_modules/a': { version },
    'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
  },
})

function project(): string {
  const folder = scratchProject('setup.mjs')
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.0'))
  writeFileSync(join(folder, 'npm-cli.cjs'), npm)
  return folder
}

function setup(folder: string, args: string[] = [], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [join(folder, 'src/host/setup.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: join(folder, 'npm-cli.cjs'), ...env },
  })
}

function npmCalls(folder: string): number {
  const path = join(folder, 'npm-calls')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}

test('packages are installed once, and again when the lock file changes', () => {
  const folder = project()
  expect(setup(folder).status).toBe(0)
  expect(setup(folder).status).toBe(0)
  expect(npmCalls(folder)).toBe(1)
  writeFileSync(join(folder, 'package-lock.json'), lock('1.0.1'))
  expect(setup(folder).status).toBe(0)
  expect(npmCalls(folder)).toBe(2)
})

test('packages that someone installed by hand are accepted when they match the lock file', () => {
  const folder = project()
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
  expect(setup(folder).status).toBe(0)
  expect(npmCalls(folder)).toBe(0)
})

test.each([
  ['another version', { 'node_modules/a': { version: '0.9.0' } }],
  ['a package too few', {}],
  ['a package too many',
    { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }],
])('packages are installed anew over %s', (_, packages) => {
  const folder = project()
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  expect(setup(folder).status).toBe(0)
  expect(npmCalls(folder)).toBe(1)
})

test('a failed installation ends with 1 and is tried again the next time', () => {
  const folder = project()
  writeFileSync(join(folder, 'offline'), '')
  const { status, stderr } = setup(folder)
  expect(status).toBe(1)
  expect(stderr).toContain('npm ci failed')
  rmSync(join(folder, 'offline'))
  rmSync(join(folder, 'node_modules'), { recursive: true })
  expect(setup(folder).status).toBe(0)
  expect(npmCalls(folder)).toBe(2)
})

test.skipIf(process.platform === 'win32')(
  'CHROMIUM_PATH goes before every other browser, if it answers', () => {
    const folder = project()
    const path = join(folder, 'my-chromium')
    writeFileSync(path, '#!/bin/sh\necho Chromium 1.0\n')
    chmodSync(path, 0o755)
    expect(setup(folder, ['--browser'], { CHROMIUM_PATH: path }).status).toBe(0)
    const record = readFileSync(join(folder, 'node_modules/.cache/faultline-browser.json'), 'utf8')
    expect(JSON.parse(record)).toEqual({ path })
  },
)
