/** Starts the page on a host: opens the link or the first scene, and runs the one animation loop. */
import { isPresent } from './first/address.ts'
import { startOf } from './first/guide.ts'
import { SimApp } from './app.ts'
import type { Host } from './host.ts'
import { listenPaste } from './paste.ts'
import { keepRecent } from './recent.ts'
import { Store } from './store.ts'

/** Puts the app into the page and opens what the address asks for; a wrong link leaves the first scene running. */
export async function start(host: Host): Promise<Store> {
  const store = new Store(host)
  store.presents = isPresent()
  const app = new SimApp()
  app.store = store
  document.body.append(app)
  run(store)
  keepRecent(store)
  listenPaste(store)
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  let issues = store.issues
  const fragment = location.hash.slice(1)
  let opened = false
  if (fragment !== '') {
    const linked = await host.decode(fragment)
    if (linked.ok) opened = await store.open(linked.value, startOf(linked.value), !calm)
    issues = linked.ok ? store.issues : linked.issues
  }
  if (!opened) {
    await store.open(host.firstSpec, startOf(host.firstSpec), !calm)
    if (issues.length > 0) {
      store.issues = issues
      store.emit('issues')
    }
  }
  addEventListener('hashchange', () => void follow(store, location.hash.slice(1)))
  return store
}

async function follow(store: Store, fragment: string): Promise<void> {
  if (fragment === '') return
  const linked = await store.host.decode(fragment)
  if (linked.ok) await store.open(linked.value, startOf(linked.value), true)
  else {
    store.issues = linked.issues
    store.emit('issues')
  }
}

function run(store: Store): void {
  let last = performance.now()
  const frame = (now: number): void => {
    const wall = (now - last) / 1000
    last = now
    store.frame(wall)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}
