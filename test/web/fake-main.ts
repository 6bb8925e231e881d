/** The page on made-up engines: ?t=36.2&crash=30 opens it paused at that moment, for pictures and tests. */
import { decodeLink, encodeLink } from '../../src/host/link.ts'
import type { RunSpec } from '../../src/host/api.ts'
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
const store = await start({
  open: () => new FakeEngine(), close: () => undefined, firstSpec: spec, eventsMax: 1000,
  sceneTitle: () => 'Fraud detection, 10 000 records/s',
  encode: encodeLink,
  decode: (fragment) => decodeLink(fragment, (value) => ({ ok: true, value: value as RunSpec })),
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
