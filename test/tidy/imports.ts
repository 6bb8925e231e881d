/** The import table of the project: which folder may import what. Types count like values. */

/** One folder's row. Paths are from the project's root; a path that ends in `/` is a folder. */
type Row = { readonly folder: string; readonly may: readonly string[] }

const kernel = 'src/kernel/'
const contract = 'src/contract/'
const layers = [kernel, contract, 'src/measure/', 'src/scenario/', 'src/run/', 'src/search/', 'src/validate/']

/** The first row whose folder holds the importing file applies; a file's own row comes first. */
const rows: readonly Row[] = [
  { folder: 'src/kernel/random.ts', may: [kernel, 'seedrandom/lib/alea.js'] },
  { folder: kernel, may: [kernel] },
  { folder: contract, may: [contract, kernel] },
  { folder: 'src/measure/', may: ['src/measure/', contract, kernel] },
  { folder: 'src/scenario/', may: ['src/scenario/', contract, kernel, 'yaml'] },
  { folder: 'src/run/', may: ['src/run/', 'src/measure/', 'src/scenario/', contract, kernel] },
  { folder: 'src/search/', may: ['src/search/', 'src/run/', 'src/measure/', 'src/scenario/', contract, kernel] },
  { folder: 'src/validate/', may: ['src/validate/', 'src/search/', 'src/run/', 'src/measure/', 'src/scenario/', contract, kernel] },
  { folder: 'src/host/pool.ts', may: ['src/host/', ...layers, 'tinypool', 'node:'] },
  ...['worker', 'cli', 'library', 'pooled'].map((name) => ({
    folder: `src/host/${name}.ts`,
    may: ['src/host/', ...layers, 'models/index.ts', 'comlink', 'node:'],
  })),
  { folder: 'src/host/fidelity.ts', may: ['src/host/', 'models/fidelity.json'] },
  { folder: 'src/host/', may: ['src/host/', ...layers, 'comlink', 'node:', 'vite'] },
  { folder: 'web/', may: ['web/', 'src/host/api.ts', 'src/host/client.ts', 'lit', 'd3'] },
]

/** What is wrong with `file` importing `target`, or undefined. `target` is a path or a package. */
export function importFault(file: string, target: string): string | undefined {
  if (file.startsWith('test/') || file === 'vite.config.ts') return undefined
  if (target.startsWith('test/')) return 'nothing may import from test'
  if (file.startsWith('models/')) return modelFault(file, target)
  const row = rows.find(({ folder }) => isInside(file, folder))
  if (!row) return 'this folder has no row in the import table (test/tidy/imports.ts)'
  if (row.may.some((allowed) => isInside(target, allowed))) return undefined
  return `${row.folder} may import only ${row.may.join(', ')}; found ${target}`
}

function modelFault(file: string, target: string): string | undefined {
  if (isInside(target, kernel) || isInside(target, contract)) return undefined
  const home = modelHome(file)
  if (home === '') {
    if (/^models\/[a-z0-9-]+\/index\.ts$/.test(target)) return undefined
    return `models/index.ts may import only each recipe's index.ts; found ${target}`
  }
  if (isInside(target, home)) return undefined
  if (/^models\/parts\/[a-z0-9-]+\/index\.ts$/.test(target)) return undefined
  if (isInside(target, 'models/parts/')) {
    return `other parts are entered by their index.ts only; found ${target}`
  }
  if (target.startsWith('models/')) {
    return `an architecture is known to models/index.ts only; found ${target}`
  }
  return `models may import only kernel, contract and parts; found ${target}`
}

/** `models/parts/kafka/` or `models/kafka-flink/`; empty for the list of recipes. */
function modelHome(file: string): string {
  return /^models\/(?:parts\/)?[a-z0-9-]+\//.exec(file)?.[0] ?? ''
}

function isInside(path: string, place: string): boolean {
  if (place.endsWith('/') || place.endsWith(':')) return path.startsWith(place)
  return path === place || (!place.includes('.') && path.startsWith(`${place}/`))
}
