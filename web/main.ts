/** The page's door: engines in workers, links of the real kind, the fraud scenario to begin with. */
import { ColumnClient, decodeLink, encodeLink, modelVersion, openColumn } from '../src/host/client.ts'
import type { RunSpec } from '../src/host/api.ts'
import { sceneTitle } from './scene-title.ts'
import { start } from './start.ts'
import { texts } from './texts.ts'

const firstSpec: RunSpec = {
  version: 1, model: modelVersion, scenario: 'fraud-detection', seed: '7',
  architectures: [{ id: 'kafka-flink', preset: 'tuned' }, { id: 'kinesis-lambda', preset: 'tuned' }],
  faults: [], changes: [],
}

const store = await start({
  open: () => openColumn(() => store.say(texts.replaced)),
  close: (engine) => {
    if (engine instanceof ColumnClient) engine.close()
  },
  firstSpec,
  // About 0.3 s of work, well inside the three seconds that the watchdog allows.
  eventsMax: 150_000,
  sceneTitle,
  encode: encodeLink,
  decode: (fragment) => decodeLink(fragment),
})
