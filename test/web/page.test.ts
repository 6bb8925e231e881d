/**
 * The built page in a real browser with the real engines: what a visitor does, by mouse and by keyboard, and what must
 * hold of it. Takes about a minute; the first scene runs at 10 000 records/s, the others at 200/s.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import { encodeLink } from '../../src/host/link.ts'
import type { RunSpec } from '../../src/host/api.ts'
import { modelVersion } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'
import { checkedSpec } from '../run/checked-run.ts'
import { smallWith } from '../run/small-scenario.ts'
import { root } from '../tidy/tree.ts'
import { BuiltPage, clock, frameCosts } from './built-page.ts'

const spec = (scenario: string, more: Partial<RunSpec> = {}): RunSpec => ({
  version: 1, model: modelVersion, scenario, seed: '3', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [], ...more,
})
/** Ends by itself within a few seconds of wall time. */
const short = spec(smallWith({ duration: '4s' }))
/** Goes on for as long as a test looks at it. */
const long = spec(smallWith({ duration: '300s' }))

let built: BuiltPage
let page: Page

beforeAll(async () => {
  built = await BuiltPage.start()
}, 120_000)
afterAll(() => built?.stop())
afterEach(async () => {
  await page?.context().close()
  expect(built.complaints.splice(0)).toEqual([])
})

/** A page on a run, paused or not, once both columns have their first ten seconds or their end. */
async function visit(run: RunSpec | null, options: Parameters<BuiltPage['visit']>[0] = {}): Promise<void> {
  page = await built.visit({ ...(run === null ? {} : { link: await encodeLink(run) }), ...options })
  await page.locator('sim-column, .top').first().waitFor()
  await expect.poll(() => page.locator('.caption', { hasText: 'Simulating the first' }).count(), { timeout: 50_000 }).toBe(0)
}

/** What the share dialog says: the link, and each column's digest. */
async function shared(): Promise<{ link: string; digests: string[] }> {
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByRole('textbox', { name: 'Link to this run' }).inputValue()
  const digests = await page.locator('dialog[open] code').allTextContents()
  await page.keyboard.press('Escape')
  return { link: link.split('#')[1] ?? '', digests }
}

const isOver = (): Promise<boolean> => page.evaluate(() => {
  const app = document.querySelector('sim-app') as unknown as { store: { bounds: { finished: boolean } } }
  return app.store.bounds.finished
})

async function toTheEnd(): Promise<void> {
  await page.evaluate(() => {
    const { store } = document.querySelector('sim-app') as unknown as { store: { setSpeed(speed: number): void; play: { playing: boolean }; toggle(): void } }
    store.setSpeed(Infinity)
    if (!store.play.playing) store.toggle()
  })
  await expect.poll(isOver, { timeout: 50_000 }).toBe(true)
}

/** The same run in this process. */
function digestsInNode(run: RunSpec): string[] {
  const checked = checkedSpec(run, recipes)
  return checked.columns.map((from) => {
    const column = new Column(columnPlan(checked, from))
    column.finish()
    return column.state.sim.digest.text()
  })
}

describe('the first visit', () => {
  it('shows the fraud scenario running in both columns, and one button breaks both', async () => {
    await visit(null)
    await expect.poll(() => clock(page), { timeout: 30_000 }).toBeGreaterThan(10.3)
    expect(await page.locator('sim-column h2').allTextContents()).toEqual([expect.stringContaining('Kafka + Flink'), expect.stringContaining('Kinesis + Lambda')])
    expect(await page.locator('svg.stage').first().locator('.object[role=button]', { hasText: /^TaskManager \d/ }).count()).toBe(4)
    // A verdict that is not known yet says so to those who cannot see its dash; no figure may.
    const words = (await page.locator('body').innerText()).replace(/^unknown$/gm, '')
    expect(words.match(/.*\n?.*(NaN|undefined|unknown|Infinity|\[object).*\n?.*/)?.[0] ?? '').toBe('')
    await page.getByRole('button', { name: /Crash a worker in both/ }).click()
    await page.locator('.facts li.fault', { hasText: 'crash processor-1' }).waitFor()
    await page.locator('.caption', { hasText: 'taskmanager-1 died' }).waitFor()
    await page.locator('.facts li', { hasText: /environment-\d+ died/ }).first().waitFor()
    expect(await page.getByRole('button', { name: /^crash processor-1 at/ }).count()).toBe(1)
  }, 100_000)

  it('draws both running columns with at most 10 ms of main-thread time for 95 of 100 pictures', async () => {
    await visit(null)
    await expect.poll(() => clock(page), { timeout: 30_000 }).toBeGreaterThan(10.1)
    // Others on the machine only ever add to it: the best of three looks is the page's own.
    let best = Infinity
    for (let look = 0; look < 3 && best >= 10; look++) {
      const costs = (await frameCosts(built.browser, page, 2500)).sort((a, b) => a - b)
      const p95 = costs[Math.floor(costs.length * 0.95)] ?? Infinity
      console.log(`${costs.length} pictures, CPU of script, layout and paint each: p50 ${costs[costs.length >> 1]?.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`)
      if (costs.length >= 15) best = Math.min(best, p95)
    }
    expect(best).toBeLessThan(10)
  }, 100_000)
})

describe('a run in the page', () => {
  it('is broken by keyboard: focus on a TaskManager, Enter, crash', async () => {
    await visit(long)
    await page.getByRole('button', { name: /^TaskManager 2,/ }).focus()
    await page.keyboard.press('Enter')
    const menu = page.getByRole('dialog')
    await menu.getByRole('button', { name: 'crash', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.facts li.fault', { hasText: 'crash processor-2' }).waitFor()
    await page.locator('.facts li', { hasText: 'taskmanager-2 died' }).waitFor()
    await page.keyboard.press('u')
    await page.getByRole('button', { name: /^crash processor-2 at/ }).waitFor({ state: 'detached' })
  }, 60_000)

  it('replays with the same seed when a setting is changed, and says what a wrong value should have been', async () => {
    await visit(short)
    await toTheEnd()
    const before = await shared()
    await page.locator('summary', { hasText: 'Knobs' }).click()
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('checkpointing.interval')
    const field = page.locator('#knob-0-execution-checkpointing-interval')
    await field.fill('soon')
    await field.press('Enter')
    await page.getByRole('alert').getByText(/execution\.checkpointing\.interval/).first().waitFor()
    expect(await shared()).toEqual(before)
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
    await field.fill('500ms')
    await field.press('Enter')
    await expect.poll(() => page.evaluate(() => {
      const { store } = document.querySelector('sim-app') as unknown as { store: { spec: { architectures: { settings?: Record<string, string> }[] } } }
      return store.spec.architectures[0]?.settings?.['execution.checkpointing.interval']
    })).toBe('500ms')
    await toTheEnd()
    const after = await shared()
    expect(after.digests[0]).not.toBe(before.digests[0])
    expect(after.digests[1]).toBe(before.digests[1])
    expect(after.digests).toEqual(digestsInNode({ ...short, architectures: [
      { id: 'kafka-flink', settings: { 'execution.checkpointing.interval': '500ms' } }, { id: 'kinesis-lambda' }] }))
  }, 60_000)

  it('gives the same digest from a shared link in a fresh profile, and in Node', async () => {
    const struck = { ...short, faults: ['crash processor-1 at 2500ms'] }
    await visit(struck)
    await toTheEnd()
    const first = await shared()
    await page.context().close()
    page = await built.visit({ link: first.link })
    await page.getByRole('button', { name: /^crash processor-1 at 2500ms/ }).waitFor()
    await toTheEnd()
    expect(await shared()).toEqual(first)
    expect(first.digests).toEqual(digestsInNode(struck))
  }, 60_000)

  it.each([
    ['hangs', () => { for (;;) continue }],
    ['is gone', () => (globalThis as unknown as { close(): void }).close()],
  ])('replaces within 3 s a worker that %s, and the run is the same run', async (_, harm) => {
    await visit(short)
    await expect.poll(() => page.workers().length).toBe(2)
    const begun = Date.now()
    // Never answers: the worker is lost over it.
    void page.workers()[0]!.evaluate(harm).catch(() => undefined)
    await page.getByText('its simulation was started again').waitFor({ state: 'attached' })
    // The watchdog's own clock allows 2.9 s; the rest is the browser's on a busy machine.
    expect(Date.now() - begun).toBeLessThan(4500)
    await toTheEnd()
    expect((await shared()).digests).toEqual(digestsInNode(short))
  }, 60_000)

  it('refuses hostile links with a message each, while the scene runs on', async () => {
    const link = await encodeLink(long)
    await visit(long)
    const hostile: readonly (readonly [string, string])[] = [
      [link.slice(0, link.length - 40), 'does not unpack'],
      ['run1.%3Cscript%3E', 'expected'],
      [await encodeLink({ ...long, faults: ['crash broker-99 at 2s'] }), 'broker-99'],
      [await encodeLink(JSON.parse('{"version":1,"__proto__":{"x":1}}') as RunSpec), '__proto__'],
      [await encodeLink({ ...long, architectures: [{ id: 'kafka-flink', settings: { acks: 'perhaps' } }] }), 'acks'],
      [`run1.${'A'.repeat(70_000)}`, 'at most'],
    ]
    for (const [fragment, words] of hostile) {
      const from = await clock(page)
      await page.evaluate((hash) => { location.hash = hash }, fragment)
      await page.getByRole('alert').getByText(words).first().waitFor()
      await expect.poll(() => clock(page)).toBeGreaterThan(from)
      await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
    }
    expect(await page.locator('sim-column').count()).toBe(2)
  }, 60_000)

  it('says what is wrong with a fault that is written by hand, and runs on', async () => {
    await visit(long)
    await page.getByRole('button', { name: 'Add a fault' }).click()
    await page.locator('#written-fault').fill('crash broker-1 at 30')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText(/faults\[0\]|30/).first().waitFor()
    const from = await clock(page)
    await expect.poll(() => clock(page)).toBeGreaterThan(from + 0.3)
  }, 60_000)

  it('answers why for a number, and follows a record from birth to its reader', async () => {
    await visit(short)
    await toTheEnd()
    await page.getByRole('button', { name: /lost, why/ }).first().click()
    await page.locator('sim-why', { hasText: 'unexplained 0' }).waitFor()
    await page.locator('summary', { hasText: 'Record' }).click()
    await page.getByRole('textbox', { name: /One record/ }).fill('source-1:100')
    await page.getByRole('button', { name: 'Follow' }).click()
    await expect.poll(() => page.locator('sim-record sim-life').count()).toBe(2)
    expect(await page.locator('sim-record .steps').first().locator('li').count()).toBeGreaterThan(2)
  }, 60_000)
})

describe('the engine in the browser\'s worker', () => {
  it.each(['kafka-flink', 'kinesis-lambda'])('gives Node\'s digest of %s whole, in steps of 1 ms and in steps of one event', async (id) => {
    const run = { ...spec(smallWith({ duration: '1s', warmup: '0s', quiet: '1s', rate: '40/s', partitions: '2', parallelism: '2' })), architectures: [{ id }], faults: ['crash processor-1 at 200ms'] }
    page = await built.browser.newPage({ bypassCSP: true })
    await page.goto(built.address)
    const digests = await page.evaluate(async ({ address, run }) => {
      const drive = async (step: number, events: number): Promise<string> => {
        const worker = new Worker(address, { type: 'module' })
        // Comlink's own messages, spoken by hand: the page's policy lets no second client in.
        const call = (method: string, ...list: unknown[]): Promise<{ ok: boolean; value: { reached: number; finished: boolean; digest: string } }> => new Promise((resolve) => {
          worker.onmessage = (event) => resolve(event.data.value)
          worker.postMessage({ id: '1', type: 'APPLY', path: [method], argumentList: list.map((value) => ({ type: 'RAW', value })) })
        })
        const opened = await call('open', run, 0)
        if (!opened.ok) throw new Error(JSON.stringify(opened))
        for (let to = step; ;) {
          const { value } = await call('advance', to, events)
          if (value.finished) {
            worker.terminate()
            return value.digest
          }
          if (value.reached >= to - 1e-9) to = Math.round((to + step) * 1000) / 1000
        }
      }
      return Promise.all([drive(1e6, 1e9), drive(0.001, 1e9), drive(1e6, 1)])
    }, { address: built.worker, run })
    const [node] = digestsInNode(run)
    expect(digests).toEqual([node, node, node])
  }, 60_000)
})

describe('the page for everybody', () => {
  it('fits 375 px: one column with a switch, nothing wider, controls large enough to touch', async () => {
    await visit(short, { viewport: { width: 375, height: 812 } })
    expect(await page.locator('sim-column').count()).toBe(1)
    await page.getByRole('tab').nth(1).click()
    await page.getByText('managed, not yours to crash').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    const tiny = await page.evaluate(() => [...document.querySelectorAll('main button, footer button, summary')]
      .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 44).map((one) => one.textContent))
    expect(tiny).toEqual([])
  }, 60_000)

  it.each([1440, 375])('has no accessibility violations in light and dark at %d px', async (width) => {
    await visit({ ...short, faults: ['crash processor-1 at 2500ms'] }, { viewport: { width, height: 812 }, bypassCSP: true })
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string }[] }> } }
        return (await axe.run(document.body)).violations.map((violation) => violation.id)
      })
      expect({ colorScheme, found }).toEqual({ colorScheme, found: [] })
    }
  }, 60_000)
})
