// Installs what `npm start` and `npm test` need, with Node's built-ins only.
// `node src/host/setup.mjs`            the packages of package-lock.json
// `node src/host/setup.mjs --browser`  and a Chromium for the tests of the page
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const cache = join(root, 'node_modules/.cache')
const lockRecord = join(cache, 'faultline-lock.json')
const browserRecord = join(cache, 'faultline-browser.json')
const nodeMin = [20, 19]

const say = (text) => process.stderr.write(text + '\n')
const read = (path) => {
  try { return JSON.parse(readFileSync(path, 'utf8')) } catch { return undefined }
}
const record = (path, value) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value) + '\n')
}
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options }).status === 0

checkNode()
installPackages()
if (process.argv.includes('--browser')) findBrowser()

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return
  say(`Faultline needs Node ${nodeMin.join('.')} or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

function installPackages() {
  const lockText = readFileSync(join(root, 'package-lock.json'))
  const hash = createHash('sha256').update(lockText).digest('hex')
  if (read(lockRecord)?.hash === hash) return
  if (!isInstalled(JSON.parse(lockText.toString()))) {
    say('Installing packages (npm ci) ...')
    if (!npmCi()) {
      say('npm ci failed: see the lines above; it needs a package registry within reach.')
      process.exit(1)
    }
  }
  record(lockRecord, { hash })
}

/** True when node_modules already holds what the lock file names, whoever installed it. */
function isInstalled(lock) {
  const here = read(join(root, 'node_modules/.package-lock.json'))?.packages
  if (!here) return false
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '') continue
    const found = here[path]
    if (found ? found.version !== wanted.version : !wanted.optional) return false
  }
  return Object.keys(here).every((path) => lock.packages[path])
}

function npmCi() {
  // NODE_ENV=production would leave the development packages out.
  const env = { ...process.env, NODE_ENV: 'development' }
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
  const npm = process.env.npm_execpath
  if (npm && /npm-cli\.[cm]?js$/.test(npm)) return run(process.execPath, [npm, ...args], { env })
  return run('npm', args, { env, shell: process.platform === 'win32' })
}

/** Records the path of the first Chromium that answers; without one it says the ways out. */
function findBrowser() {
  const recorded = read(browserRecord)?.path
  const wanted = process.env.CHROMIUM_PATH
  if (recorded && (!wanted || wanted === recorded) && answers(recorded)) return
  const path = firstAnswering(wanted ? [wanted] : [])
    ?? firstAnswering(systemPaths())
    ?? firstAnswering(playwrightPaths())
    ?? aptInstall()
    ?? playwrightInstall()
  if (path) {
    record(browserRecord, { path })
    say(`Chromium for the tests of the page: ${path}`)
    return
  }
  say('No Chromium: install one with your package manager, or set CHROMIUM_PATH to one, or run '
    + '`npx playwright-core install chromium` where the network allows it.')
}

function answers(path) {
  // On Windows the browser answers --version by opening a window.
  if (process.platform === 'win32') return existsSync(path)
  const said = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return said.status === 0 && /Chrom(e|ium)/.test(said.stdout)
}

function firstAnswering(paths) {
  return paths.find((path) => existsSync(path) && answers(path))
}

function systemPaths() {
  const programs = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'],
    process.env['LOCALAPPDATA']].filter(Boolean)
  return [
    '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable', '/opt/google/chrome/chrome', '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programs.map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
  ]
}

/** Newest first. Playwright names the folder after the revision and the file after the system. */
function playwrightPaths() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? {
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright'),
  }[process.platform] ?? join(homedir(), '.cache/ms-playwright')
  if (!existsSync(folder)) return []
  const revision = (name) => Number(name.split('-').at(-1))
  const files = ['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-win/chrome.exe',
    'chrome-win64/chrome.exe', 'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    ...['chrome-mac-arm64', 'chrome-mac-x64'].map((name) =>
      `${name}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`)]
  return readdirSync(folder).filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => revision(b) - revision(a))
    .flatMap((name) => files.map((file) => join(folder, name, file)))
}

function aptInstall() {
  const isRoot = process.getuid?.() === 0
  if (process.platform !== 'linux' || !isRoot || !existsSync('/usr/bin/apt-get')) return undefined
  say('Installing Chromium (apt-get) ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['install', '-y', '--no-install-recommends', 'chromium']
  run('apt-get', ['update', '-q'], { env })
  run('apt-get', install, { env })
  return firstAnswering(systemPaths())
}

function playwrightInstall() {
  const cli = join(root, 'node_modules/playwright-core/cli.js')
  if (!existsSync(cli)) return undefined
  say('Installing Chromium (playwright) ...')
  run(process.execPath, [cli, 'install', 'chromium'], { timeout: 300_000 })
  return firstAnswering(playwrightPaths())
}
