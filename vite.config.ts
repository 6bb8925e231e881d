import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { offline } from './src/host/offline.ts'

/** The long tiers are asked for by name: `vitest run --mode simulate` or `--mode bench`. */
const quick = ['test/simulate/**', 'test/bench/**', 'node_modules/**', 'dist/**']

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
    // The page is built and served by this file too, and needs no test runner for it.
    ...(process.env['VITEST'] ? { sequence: { sequencer: (await import('./test/longest-first.ts')).LongestFirst } } : {}),
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          // A busy machine is slow, not wrong: only a hang should fail.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: mode === 'simulate' || mode === 'bench'
            ? [`test/${mode}/**/*.test.ts`]
            : ['test/**/*.test.ts'],
          exclude: mode === 'simulate' || mode === 'bench' ? ['node_modules/**', 'dist/**'] : quick,
        },
      },
    ],
  },
}))
