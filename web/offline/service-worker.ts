/**
 * Keeps the page for times without a network: the files of one build, fetched once. Copied into the build by
 * src/host/offline.ts, which fills in the build's hash and the names of its files and takes off the module's mark.
 */

/** What a service worker has that a page has not. */
interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Asking extends Waiting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Scope {
  readonly clients: { claim(): Promise<void> }
  readonly registration: { readonly scope: string }
  addEventListener(name: 'install' | 'activate', listener: (event: Waiting) => void): void
  addEventListener(name: 'fetch', listener: (event: Asking) => void): void
}

const worker = globalThis as unknown as Scope
const prefix = 'faultline-'
const store = `${prefix}__BUILD__`
/** A server may say that its answers vary with the asking page's origin: all that is asked for here is the page's own. */
const anyhow: CacheQueryOptions = { ignoreVary: true }
const files: readonly string[] = ['__FILES__']

worker.addEventListener('install', (event) => {
  const requests = files.map((file) => new Request(file, { cache: 'reload' }))
  event.waitUntil(caches.open(store).then((cache) => cache.addAll(requests)))
})

// A new build takes over once no page of the old one is open, so that an old page never loses its files.
worker.addEventListener('activate', (event) => {
  const drop = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(prefix) && name !== store).map((name) => caches.delete(name))))
  event.waitUntil(drop.then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return
  event.respondWith(request.mode === 'navigate' ? pageOf(request) : asset(request))
})

/** The page itself is asked for, so that a new build is seen at once; without a network it is the kept one. */
async function pageOf(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(store)).match('./', anyhow)
    if (kept === undefined) throw error
    return kept
  }
}

/** Names of files carry a hash of what is in them: a kept one is never old. */
async function asset(request: Request): Promise<Response> {
  return await (await caches.open(store)).match(request, anyhow) ?? fetch(request)
}

export {}
