/** Starts a worker under the page's Trusted Types policy and speaks to it through Comlink. */
import * as Comlink from 'comlink'
import type { ColumnEngine } from './api.ts'
import type { Session } from './watchdog.ts'

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

/** Answers a starter of workers at exactly this address, which the policy `sim-worker` lets pass and no other. */
export function workerStarter(address: string): () => Session {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  const policy = factory?.createPolicy('sim-worker', {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError('expected the address of the simulation worker')
      return url
    },
  })
  return () => {
    // A trusted address is an object that stands for a text; the types of Worker do not know of it.
    const trusted = (policy === undefined ? address : policy.createScriptURL(address)) as string
    const worker = new Worker(trusted, { type: 'module', name: 'faultline column' })
    return {
      // Every method of the engine is asynchronous and takes plain data, so the remote has the engine's own type.
      engine: Comlink.wrap<ColumnEngine>(worker) as unknown as ColumnEngine,
      onBroken: (broken) => {
        worker.addEventListener('error', broken)
        worker.addEventListener('messageerror', broken)
      },
      end: () => worker.terminate(),
    }
  }
}
