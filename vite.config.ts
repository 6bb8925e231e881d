import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { offline } from './src/host/offline.ts'

/** The long tiers are asked for by name: `vitest run --mode simulate` or `--mode bench`. */
const quick = ['test/simulate/**', 'test/bench/**', 'node_modules/**', 'dist/**']
/** Files that replace a module, start processes or write to the screen. */
const alone = ['planted/**/*', 'messages/**/*', 'host/**/*', 'readme', 'web/{page,first,stage,time,why}'].map((name) => `test/${name}.test.ts`)

const project = (name: string, test: { readonly isolate: boolean; readonly include: string[]; readonly exclude: string[] }) =>
  ({ extends: true as const, test: { name, environment: 'node' as const, ...test } })

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => ({
  base: './',
  worker: { format: 'es' },
  plugins: [offline()],
  optimizeDeps: { include: ['lit', 'd3', 'comlink', 'seedrandom/lib/alea.js', 'yaml'] },
  // One script and nothing to load ahead: the polyfill would only bring in a fetch that the page's policy refuses.
  build: { outDir: 'dist/page', target: 'es2022', emptyOutDir: true, modulePreload: { polyfill: false } },
  test: {
    // Both cores of the smallest machine: the default leaves one of two idle.
    maxWorkers: 2,
    // A busy machine is slow, not wrong: only a hang should fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The page is built and served by this file too, and needs no test runner for it.
    ...(process.env['VITEST'] ? { sequence: { sequencer: (await import('./test/longest-first.ts')).LongestFirst } } : {}),
    projects: mode === 'simulate' || mode === 'bench'
      ? [project('long', { isolate: true, include: [`test/${mode}/**/*.test.ts`, ...(mode === 'simulate' ? ['test/web/{time,why,stage}.test.ts'] : [])], exclude: ['node_modules/**', 'dist/**'] })]
      : [
          project('alone', { isolate: true, include: alone, exclude: quick }),
          // One process on each core: the simulator is loaded and compiled once for all of them.
          project('shared', { isolate: false, include: ['test/**/*.test.ts'], exclude: [...quick, ...alone] }),
        ],
  },
}))
