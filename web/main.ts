/** The page's door: engines in workers, links of the real kind, the fraud scenario to begin with. */
import { ColumnClient, csvFiles, decodeLink, encodeLink, modelVersion, openColumn, readPasted } from '../src/host/client.ts'
import type { RunSpec } from '../src/host/api.ts'
import { keepOffline } from './offline/register.ts'
import { sceneTitle } from './scene-title.ts'
import { start } from './start.ts'
import type { Store } from './store.ts'
import { texts } from './texts.ts'

const firstSpec: RunSpec = {
  version: 1, model: modelVersion, scenario: 'fraud-detection', seed: '7',
  architectures: [{ id: 'kafka-flink', preset: 'tuned' }, { id: 'kinesis-lambda', preset: 'tuned' }],
  faults: [], changes: [],
}

// Nothing of the first visit waits for what is kept for later ones.
if (document.readyState === 'complete') keepOffline()
else addEventListener('load', keepOffline, { once: true })

// A worker may be replaced before the page is up, when there is nobody yet to tell.
let store: Store | null = null
store = await start({
  open: () => openColumn(() => store?.say(texts.replaced)),
  close: (engine) => {
    if (engine instanceof ColumnClient) engine.close()
  },
  firstSpec,
  // About a tenth of a second of work, so that progress is seen and clicks are not kept waiting.
  eventsMax: 50_000,
  sceneTitle,
  paste: readPasted,
  encode: encodeLink,
  decode: (fragment) => decodeLink(fragment),
  csv: csvFiles,
})
