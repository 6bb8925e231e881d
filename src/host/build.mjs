// Builds the command line and the library for Node, when the sources changed since the last time.
// A build lives in dist/node/<hash of its sources>; the files beside it are one-line doors to the
// newest. A folder appears by one rename and never changes, so two processes may build at once and
// a running one keeps its files. Run directly, it builds if needed and says where; with `--fresh`
// it forgets all earlier builds first, so that a package holds one.
import { createHash } from 'node:crypto'
import {
  existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

const entries = {
  cli: 'src/host/cli.ts',
  library: 'src/host/library.ts',
  kernel: 'src/kernel/index.ts',
  pooled: 'src/host/pooled.ts',
}
/** What others enter by; threads of the pool enter by the file itself. */
const doors = ['cli', 'library', 'kernel']
const sources = ['src', 'models', 'scenarios', 'package.json', 'package-lock.json']
const outside = join(root, 'dist/node')
const keepMilliseconds = 60 * 60 * 1000

/** A published package has no vite.config.ts: it brings its build and cannot make another. */
export const isCheckout = existsSync(join(root, 'vite.config.ts'))

/** The path of the current build's cli.js, built first where needed. */
export async function builtCli() {
  if (!isCheckout) return join(outside, 'cli.js')
  const hash = hashSources()
  const folder = join(outside, hash)
  if (!existsSync(join(folder, 'cli.js'))) {
    if (process.stderr.isTTY) process.stderr.write('Building faultline ...\n')
    await buildInto(folder)
    removeOld(hash)
  }
  writeDoors(hash)
  return join(folder, 'cli.js')
}

/** The names and bytes of all sources; the order is that of the names' code units. */
function hashSources() {
  const hash = createHash('sha256').update(process.version.split('.')[0])
  for (const path of sources.flatMap((name) => filesUnder(join(root, name))).sort(byCodeUnits)) {
    const bytes = readFileSync(path)
    hash.update(`${relative(root, path).split(sep).join('/')}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex').slice(0, 16)
}

const byCodeUnits = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

function filesUnder(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name)
    return entry.isDirectory() ? filesUnder(inner) : [inner]
  })
}

async function buildInto(folder) {
  const { build } = await import('vite')
  const draft = join(outside, `.draft-${process.pid}-${Date.now().toString(36)}`)
  const input = Object.fromEntries(Object.entries(entries)
    .map(([name, path]) => [name, join(root, path)])
    .filter(([name, path]) => name === 'cli' || existsSync(path)))
  try {
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      publicDir: false,
      // The pool starts its threads from files of its own, beside its index.
      ssr: { noExternal: true, external: ['tinypool'] },
      build: {
        ssr: true,
        target: 'node20',
        outDir: draft,
        emptyOutDir: false,
        minify: false,
        rolldownOptions: {
          input,
          output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    })
    moveInto(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** Another process may have finished the same build first: its folder has the same contents. */
function moveInto(draft, folder) {
  try {
    renameSync(draft, folder)
  } catch (error) {
    if (!existsSync(join(folder, 'cli.js'))) throw error
  }
}

function writeDoors(hash) {
  mkdirSync(outside, { recursive: true })
  for (const name of doors) {
    if (!existsSync(join(outside, hash, `${name}.js`))) continue
    const door = join(outside, `${name}.js`)
    const text = `export * from './${hash}/${name}.js'\n`
    if (existsSync(door) && readFileSync(door, 'utf8') === text) continue
    const draft = `${door}.${process.pid}`
    writeFileSync(draft, text)
    renameSync(draft, door)
  }
}

/** Builds younger than an hour may still be running somewhere, so they stay. */
function removeOld(current) {
  for (const entry of readdirSync(outside, { withFileTypes: true })) {
    const path = join(outside, entry.name)
    if (!entry.isDirectory() || entry.name === current) continue
    if (Date.now() - statSync(path).mtimeMs < keepMilliseconds) continue
    rmSync(path, { recursive: true, force: true })
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  if (process.argv.includes('--fresh')) {
    for (const name of ['dist/node', 'dist/types']) {
      rmSync(join(root, name), { recursive: true, force: true })
    }
  }
  console.log(relative(root, await builtCli()))
}
