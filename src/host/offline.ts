/** Vite plugin: adds the service worker to a build, versioned by a hash of all its files, and shuts the page's policy. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { transformWithOxc, type Plugin } from 'vite'

const source = fileURLToPath(new URL('../../web/offline/service-worker.ts', import.meta.url))

/** Applies to builds only. */
export function offline(): Plugin {
  return {
    name: 'faultline-offline',
    apply: 'build',
    enforce: 'post',
    // Only the development server speaks with its page; the built page asks for nothing once it is loaded.
    transformIndexHtml: (html) => html.replace("connect-src 'self'", "connect-src 'none'"),
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const names = Object.keys(bundle).filter((name) => !name.endsWith('.map')).sort()
        const hash = createHash('sha256')
        for (const name of names) {
          const file = bundle[name]!
          hash.update(name).update(file.type === 'chunk' ? file.code : file.source)
        }
        const files = ['./', ...names.filter((name) => name !== 'index.html')]
        const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source)
        this.emitFile({
          type: 'asset', fileName: 'service-worker.js',
          // Not every browser takes a module as its service worker.
          source: code.replace(/export\s*\{\s*\};?/, '').replace('__BUILD__', hash.digest('hex').slice(0, 16))
            .replace('"__FILES__"', JSON.stringify(files).slice(1, -1)),
        })
      },
    },
  }
}
