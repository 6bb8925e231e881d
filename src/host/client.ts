/**
 * The page's side of a column's worker: every call is bounded, a silent or dead worker is replaced and the
 * RunSpec is run again up to where it was, so that the page sees a late answer and never a missing one.
 */
import * as Comlink from 'comlink'
import workerUrl from './worker.ts?worker&url'
import { ColumnClient, type Session } from './watchdog.ts'
import type { ColumnEngine } from './api.ts'

export { ColumnClient } from './watchdog.ts'
export { decodeLink, encodeLink } from './link.ts'
export { modelVersion } from '../run/check.ts'

interface Policy {
  createScriptURL(url: string): unknown
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy
}

let policy: Policy | null = null

/** The worker's address as the page's Trusted Types policy lets it pass; any other address is refused. */
function trustedAddress(): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
  if (factory === undefined) return workerUrl
  policy ??= factory.createPolicy('sim-worker', {
    createScriptURL: (url) => {
      if (url !== workerUrl) throw new TypeError('expected the address of the simulation worker')
      return url
    },
  })
  // A trusted address is an object that stands for a string; the types of Worker do not know of it.
  return policy.createScriptURL(workerUrl) as string
}

function startWorker(): Session {
  const worker = new Worker(trustedAddress(), { type: 'module', name: 'faultline column' })
  // Every method of the engine is asynchronous and takes plain data, so the remote has the engine's own type.
  const engine = Comlink.wrap<ColumnEngine>(worker) as unknown as ColumnEngine
  return {
    engine,
    onBroken: (broken) => {
      worker.addEventListener('error', broken)
      worker.addEventListener('messageerror', broken)
    },
    end: () => worker.terminate(),
  }
}

/** A column in a worker of its own; `onReplaced` is told each time a silent worker was replaced. */
export function openColumn(onReplaced: () => void = () => undefined): ColumnClient {
  return new ColumnClient(startWorker, onReplaced)
}
