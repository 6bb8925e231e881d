/** A column's worker: the engine behind Comlink; frames are handed over without a copy. */
import * as Comlink from 'comlink'
import { recipes } from '../../models/index.ts'
import type { Chunk, ColumnEngine, Reply } from './api.ts'
import { Engine } from './engine.ts'
import { scenarios } from './scenarios.ts'

// A message to oneself lets waiting messages in and, unlike a timer, is never held back.
const bell = new MessageChannel()
let wake: () => void = () => undefined
bell.port1.onmessage = () => wake()

const pause = (): Promise<void> => new Promise((resolve) => {
  wake = resolve
  bell.port2.postMessage(null)
})

const engine = new Engine(recipes, scenarios, pause)

function transferred(reply: Reply<Chunk>): Reply<Chunk> {
  return reply.ok ? Comlink.transfer(reply, [reply.value.frames.buffer]) : reply
}

const exposed: ColumnEngine = {
  open: (spec, column) => engine.open(spec, column),
  advance: async (to, events) => transferred(await engine.advance(to, events)),
  amend: async (spec, at) => transferred(await engine.amend(spec, at)),
  report: () => engine.report(),
  ended: () => engine.ended(),
  whole: (columns) => engine.whole(columns),
  follow: (record, until, events) => engine.follow(record, until, events),
  cards: () => engine.cards(),
  readCard: (text) => engine.readCard(text),
  recordAfter: (at) => engine.recordAfter(at),
  fidelity: () => engine.fidelity(),
  ping: () => engine.ping(),
}

Comlink.expose(exposed)
