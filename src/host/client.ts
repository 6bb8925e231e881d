/**
 * The page's side of a column's worker: every call is bounded, a silent or dead worker is replaced and the
 * RunSpec is run again up to where it was, so that the page sees a late answer and never a missing one.
 */
// oxlint-disable-next-line import/default -- The bundler answers with the worker's address.
import workerUrl from './worker.ts?worker&url'
import { ColumnClient } from './watchdog.ts'
import { workerStarter } from './worker-session.ts'

export { csvFiles } from './csv.ts'
export { ColumnClient } from './watchdog.ts'
export { decodeLink, encodeLink } from './link.ts'
export { readPasted } from './paste.ts'
export { modelVersion } from '../run/check.ts'

const startWorker = workerStarter(workerUrl)

/** A column in a worker of its own; `onReplaced` is told each time a silent worker was replaced. */
export function openColumn(onReplaced: () => void = () => undefined): ColumnClient {
  return new ColumnClient(startWorker, onReplaced)
}
