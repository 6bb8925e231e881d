/** The engine in play: short steps keep recent states, so that a click runs little again and changes nothing. Seed 1. */
import { expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import { Engine } from '../../src/host/engine.ts'
import { checkedRun, specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

const spec = specFor('null', small)

test.each([3.2, 4.1, 4.9])('a click at %s s while playing gives the digest of the recorded run', async (at) => {
  const live = new Engine(recipes, {}, () => Promise.resolve())
  await live.open(spec, 0)
  for (let to = 0.25; to <= 5; to += 0.25) await live.advance(to, 100_000)
  const amended = { ...spec, faults: [`crash queue at ${at * 1000}ms for 1s`] }
  expect(await live.amend(amended, at)).toMatchObject({ ok: true })
  for (;;) {
    const reply = await live.advance(1e6, 100_000)
    if (!reply.ok) throw new Error(JSON.stringify(reply.issues))
    if (!reply.value.finished) continue
    expect(reply.value.digest).toBe(checkedRun(amended, recipes).columns[0]!.state.sim.digest.text())
    return
  }
})
