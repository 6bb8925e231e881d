/** Engines other than the one that runs the tests: shells run a script, browsers visit a page that sends what it found. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { chromiumPath } from '../browser.ts'
import { root } from '../tidy/tree.ts'

export interface Engine {
  readonly name: string
  readonly family: 'V8' | 'SpiderMonkey' | 'JavaScriptCore'
  readonly path: string
  readonly kind: 'shell' | 'browser'
  readonly args: (folder: string) => readonly string[]
}

/** Where each engine is looked for; Debian's packages are firefox-esr and libjavascriptcoregtk-4.0-bin. */
const known: readonly (Engine & { readonly paths: readonly string[] })[] = [
  {
    name: 'Chromium', family: 'V8', kind: 'browser', path: '', paths: [chromiumPath() ?? ''],
    args: (folder) => ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync', `--user-data-dir=${folder}`],
  },
  {
    name: 'Firefox', family: 'SpiderMonkey', kind: 'browser', path: '', paths: [process.env['FIREFOX_PATH'] ?? '', '/usr/bin/firefox-esr', '/usr/bin/firefox'],
    args: (folder) => ['--headless', '--no-remote', '--profile', folder],
  },
  { name: 'jsc', family: 'JavaScriptCore', kind: 'shell', path: '', paths: [process.env['JSC_PATH'] ?? '', '/usr/bin/jsc'], args: () => [] },
]

/** The engines that are here. */
export const engines: readonly Engine[] = known.flatMap((engine) => {
  const path = engine.paths.find((candidate) => candidate !== '' && existsSync(candidate))
  return path === undefined ? [] : [{ ...engine, path }]
})

/** The goldens as one plain script in a folder of its own. */
export async function builtGoldens(): Promise<{ readonly script: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-goldens-'))
  await build({
    root, configFile: false, logLevel: 'error',
    build: {
      outDir: folder, emptyOutDir: true, target: 'es2022', minify: false,
      lib: { entry: join(root, 'test/goldens/entry.ts'), formats: ['iife'], name: 'goldens', fileName: () => 'goldens.js' },
    },
  })
  return { script: join(folder, 'goldens.js'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Digests by name, as the engine found them. */
export async function digestsIn(engine: Engine, script: string, milliseconds: number): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-engine-'))
  // A profile that asks no other host for anything.
  if (engine.name === 'Firefox') writeFileSync(join(folder, 'user.js'), firefoxPreferences)
  try {
    const text = engine.kind === 'shell' ? await printed(engine, script, milliseconds) : await told(engine, script, folder, milliseconds)
    return Object.fromEntries(text.trim().split('\n').map((line) => JSON.parse(line) as [string, string]))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const firefoxPreferences = [
  ['app.update.enabled', false], ['datareporting.policy.dataSubmissionEnabled', false], ['browser.shell.checkDefaultBrowser', false],
  ['network.captive-portal-service.enabled', false], ['network.connectivity-service.enabled', false], ['services.settings.server', ''],
  ['dom.max_script_run_time', 0], ['browser.startup.homepage_override.mstone', 'ignore'],
].map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`).join('')

function printed(engine: Engine, script: string, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine.path, [...engine.args(''), script], { timeout: milliseconds })
    let out = ''
    let err = ''
    child.stdout.on('data', (text) => { out += String(text) })
    child.stderr.on('data', (text) => { err += String(text) })
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${engine.name} ended with ${code}: ${err.slice(0, 500)}`))))
  })
}

function told(engine: Engine, script: string, folder: string, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      if (request.method === 'POST') {
        let body = ''
        request.on('data', (text) => { body += String(text) })
        request.on('end', () => {
          response.end()
          end(() => resolve(body))
        })
      } else if (request.url === '/goldens.js') response.setHeader('content-type', 'text/javascript').end(readFileSync(script))
      else response.setHeader('content-type', 'text/html').end('<!doctype html><script>new Worker("/goldens.js")</script>')
    })
    server.listen(0, '127.0.0.1', () => {
      const at = server.address()
      if (at === null || typeof at === 'string') throw new Error('expected the server to have a port')
      child = spawn(engine.path, [...engine.args(folder), `http://127.0.0.1:${at.port}/`], { stdio: 'ignore', detached: true })
      child.on('error', (error) => end(() => reject(error)))
    })
    let child: ReturnType<typeof spawn> | undefined
    const clock = setTimeout(() => end(() => reject(new Error(`${engine.name} said nothing for ${milliseconds} ms`))), milliseconds)
    const end = (settle: () => void): void => {
      clearTimeout(clock)
      server.close()
      server.closeAllConnections()
      // The whole group: a browser is many processes.
      if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      setTimeout(settle, 300)
    }
  })
}
