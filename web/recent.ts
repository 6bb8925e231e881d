/** Recent runs, kept on this machine only: the last twenty, each as the link that opens it. */
import type { RunSpec } from '../src/host/api.ts'
import { faultName } from './faults.ts'
import { recall, remember } from './local.ts'
import type { Store } from './store.ts'

/** Most runs kept. */
export const recentMax = 20
/** Names of faults that stand in the list. */
const namesMax = 3
/** Wall milliseconds without a further edit before a run is kept. */
const restAfter = 1000

export interface Recent {
  /** Edits of one sitting replace each other under this name. */
  readonly sitting: string
  readonly title: string
  readonly seed: string
  readonly names: readonly string[]
  readonly faults: number
  /** Wall clock, milliseconds since 1970. */
  readonly at: number
  /** The fragment of its link. */
  readonly link: string
}

/** The run as an entry of the list. */
export function recentOf(spec: RunSpec, more: Pick<Recent, 'sitting' | 'title' | 'at' | 'link'>): Recent {
  return { ...more, seed: spec.seed, names: spec.faults.slice(0, namesMax).map(faultName), faults: spec.faults.length }
}

/** The list with one run in front; what it replaces, and what is too much, is gone. */
export function withRecent(list: readonly Recent[], run: Recent): readonly Recent[] {
  return [run, ...list.filter((one) => one.sitting !== run.sitting && one.link !== run.link)].slice(0, recentMax)
}

/** What is kept; anything that is not of our making counts as nothing. */
export function recentRuns(): readonly Recent[] {
  try {
    const list: unknown = JSON.parse(recall('runs') ?? '[]')
    return Array.isArray(list) ? list.filter(isRecent).slice(0, recentMax) : []
  } catch {
    return []
  }
}

export function clearRecent(): void {
  remember('runs', null)
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== 'object' || value === null) return false
  const run = value as Readonly<Record<string, unknown>>
  return ['sitting', 'title', 'seed', 'link'].every((name) => typeof run[name] === 'string')
    && typeof run['at'] === 'number' && typeof run['faults'] === 'number'
    && Array.isArray(run['names']) && run['names'].every((name) => typeof name === 'string')
}

/** Keeps every run that is edited or opened, until the answer is called; the page's own first scene is no news. */
export function keepRecent(store: Store): () => void {
  const begun = Date.now()
  let sitting = 0
  let kept: RunSpec | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const keep = async (): Promise<void> => {
    const { history, spec, host } = store
    if (spec === kept || store.columns.length === 0) return
    kept = spec
    const isFresh = history.past.length + history.future.length === 0
    if (isFresh) sitting++
    if (isFresh && spec === host.firstSpec) return
    const run = recentOf({ ...spec, faults: store.shownFaults }, { sitting: `${begun}/${sitting}`, title: host.sceneTitle(spec), at: Date.now(), link: await host.encode(spec) })
    remember('runs', JSON.stringify(withRecent(recentRuns(), run)))
  }
  return store.on('spec', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void keep(), restAfter)
  })
}
