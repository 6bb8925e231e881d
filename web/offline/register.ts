/** Lets the built page work without a network after its first visit; a page under development is always asked for. */

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

/** Registers the service worker of this build, for the folder of the page and nothing else. */
export function keepOffline(): void {
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return
  const address = new URL('service-worker.js', document.baseURI).href
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  const policy = factory?.createPolicy('sim-offline', {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError('expected the address of the service worker')
      return url
    },
  })
  // A trusted address is an object that stands for a text; the types of register do not know of it.
  const trusted = (policy === undefined ? address : policy.createScriptURL(address)) as string
  // Where it is not allowed, such as on a page opened from a disk, the page works as long as it is open.
  navigator.serviceWorker.register(trusted, { scope: './' }).catch(() => undefined)
}
