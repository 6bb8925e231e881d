/** The page on made-up engines: ?t=36.2&crash=30 opens it paused at that moment, for pictures and tests. */
import { ColumnClient } from '../../src/host/watchdog.ts'
import { workerStarter } from '../../src/host/worker-session.ts'
// oxlint-disable-next-line import/default -- The bundler answers with the worker's address.
import workerUrl from './fake-worker.ts?worker&url'
import { decodeLink, encodeLink } from '../../src/host/link.ts'
import type { RunSpec } from '../../src/host/api.ts'
import { texts } from '../../web/texts.ts'
import { start } from '../../web/start.ts'
import { FakeEngine } from './fake-engine.ts'

const query = new URLSearchParams(location.search)
const theme = query.get('theme')
if (theme !== null) document.documentElement.dataset['theme'] = theme
const crash = query.get('crash')
const spec: RunSpec = {
  version: 1, model: 'made-up', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }],
  faults: crash === null ? [] : [`crash processor-1 at ${crash}s for 20s`], changes: [],
}
// With ?worker the made-up engines run where the real ones do: in workers behind the watchdog.
const startWorker = query.has('worker') ? workerStarter(workerUrl) : null
const store = await start({
  open: () => (startWorker === null ? new FakeEngine() : new ColumnClient(startWorker, () => store.say(texts.replaced))),
  close: (engine) => {
    if (engine instanceof ColumnClient) engine.close()
  },
  firstSpec: spec, eventsMax: 1000,
  sceneTitle: () => 'Fraud detection, 10 000 records/s',
  encode: encodeLink,
  decode: (fragment) => decodeLink(fragment),
})
const at = query.get('t')
if (at !== null) {
  await store.goTo(Number(at))
  store.crosshair = query.has('cross') ? Number(query.get('cross')) : null
  if (query.has('why')) store.select({ column: 1, kind: 'duplicated' })
  if (query.get('col') === 'B') store.shown = 1
  store.emit('open')
  store.figures()
}
document.documentElement.dataset['ready'] = 'yes'
