/**
 * The first visit to its end, the gallery, surprises and the projector, in the built page with the real engines. Runs
 * are small ones, as fast as they go; takes about half a minute.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { encodeLink } from '../../src/host/link.ts'
import type { RunSpec } from '../../src/host/api.ts'
import { modelVersion } from '../../src/run/check.ts'
import { smallWith } from '../run/small-scenario.ts'
import { root } from '../tidy/tree.ts'
import { BuiltPage, clock } from './built-page.ts'

const spec = (scenario: string, more: Partial<RunSpec> = {}): RunSpec => ({
  version: 1, model: modelVersion, scenario, seed: '3', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [], ...more,
})
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

async function visit(run: RunSpec, options: Parameters<BuiltPage['visit']>[0] = {}): Promise<void> {
  page = await built.visit({ link: await encodeLink(run), ...options })
  await settled()
}

/** Both columns have come to where the page opens them. */
async function settled(): Promise<void> {
  await page.locator('sim-column').first().waitFor()
  await expect.poll(() => page.locator('.caption', { hasText: 'Simulating the first' }).count(), { timeout: 50_000 }).toBe(0)
}

/** What tests look at of the page's store. */
interface StoreSeen {
  readonly spec: RunSpec
  readonly play: { readonly playing: boolean; readonly playhead: number }
  setSpeed(speed: number): void
  toggle(): void
  readonly columns: readonly { value(name: string, time: number): number }[]
}

async function faster(): Promise<void> {
  await page.evaluate(() => (document.querySelector('sim-app') as unknown as { store: StoreSeen }).store.setSpeed(Infinity))
}

const specNow = (): Promise<RunSpec> => page.evaluate(() => (document.querySelector('sim-app') as unknown as { store: StoreSeen }).store.spec)

const card = (): ReturnType<Page['locator']> => page.locator('section.guide.result')

async function violations(): Promise<string[]> {
  await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    return (await axe.run(document.body)).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)
  })
}

describe('the end of a story', () => {
  it('is one card: the result in a sentence of the figures on the screen, three questions that do something, dismissable', async () => {
    await visit(long, { bypassCSP: true })
    await page.getByRole('heading', { name: 'Start here' }).waitFor()
    await page.keyboard.press('c')
    await page.getByRole('heading', { name: 'Start here' }).waitFor({ state: 'detached' })
    await faster()
    await card().waitFor()
    const said = (await card().locator('.says').innerText()).replace(/\s+/g, ' ')
    expect(said).toMatch(/^A lost 0, repeated 0,? .*showed nothing new for [\d.]+ s .*because the whole job went back to checkpoint \d+.*; B lost 0(, | and )repeated \d+/)
    const again = await page.evaluate(() => {
      const { store } = document.querySelector('sim-app') as unknown as { store: StoreSeen }
      return store.columns[1]!.value('m.duplicates', store.play.playhead)
    })
    expect(said).toContain(`repeated ${again}`)
    expect(await card().locator('li button').count()).toBe(3)
    expect(await violations()).toEqual([])
    await card().getByRole('button', { name: 'What if a whole zone goes dark?' }).press('Enter')
    await card().waitFor({ state: 'detached' })
    await expect.poll(async () => (await specNow()).faults.length, { timeout: 20_000 }).toBe(2)
    expect((await specNow()).faults[1]).toMatch(/^zone-outage zone-a at/)
    await card().waitFor()
    await card().getByRole('button', { name: 'Dismiss' }).press('Enter')
    await card().waitFor({ state: 'detached' })
  }, 100_000)

  it('on a phone is folded above the transport, clear of the stage', async () => {
    await visit(long, { viewport: { width: 375, height: 812 } })
    await page.getByRole('button', { name: 'Crash a worker in both' }).click()
    await faster()
    await card().waitFor()
    const [stage, folded] = [await page.locator('sim-stage').boundingBox(), await card().boundingBox()]
    expect(stage!.y + stage!.height).toBeLessThanOrEqual(folded!.y)
    await page.getByRole('button', { name: 'Read the result' }).click()
    expect(await card().locator('li button').count()).toBe(3)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
  }, 100_000)
})

describe('the gallery', () => {
  it('asks what each demonstration answers, opens it, tells its result, and runs what prevents it beside it', async () => {
    await visit(long, { bypassCSP: true })
    await page.keyboard.press('d')
    const gallery = page.getByRole('dialog')
    await gallery.getByRole('button', { name: 'What does acks=1 lose?', exact: true }).waitFor()
    expect(await violations()).toEqual([])
    await gallery.getByRole('button', { name: 'What does a crash repeat under at-least-once?', exact: true }).press('Enter')
    await page.locator('.guide', { hasText: 'write again all that was written' }).waitFor()
    await settled()
    expect(await page.locator('sim-column').count()).toBe(1)
    await page.getByRole('button', { name: 'Run it prevented' }).click()
    await expect.poll(() => page.locator('sim-column').count(), { timeout: 20_000 }).toBe(2)
    await settled()
    await faster()
    await card().waitFor()
    expect((await card().locator('.says').innerText()).replace(/[\u2009\s]+/g, ' ')).toMatch(/A lost 0, repeated [1-9][\d ]*.*; B lost 0, repeated 0/)
    await card().getByRole('button', { name: 'What if a whole zone goes dark?' }).press('Enter')
    await expect.poll(async () => (await specNow()).faults, { timeout: 20_000 }).toEqual(['zone-outage zone-a at 10s for 20s'])
    expect(await page.locator('sim-column').count()).toBe(2)
    await page.goBack()
    await expect.poll(() => page.locator('sim-column').count(), { timeout: 20_000 }).toBe(1)
  }, 100_000)

  it('opens a file of the reader\'s own, and shows every issue of a wrong one while the scene runs on', async () => {
    await visit(long)
    const own = readFileSync(join(root, 'scenarios/demos/poison-stalls-a-shard.md'), 'utf8').replace('What does one bad record hold up?', 'What is mine?')
    await page.keyboard.press('d')
    await page.locator('#own-text').fill(own.replace('rate: 400/s', 'rate: 400').replace('shards: 4', 'shards: 0'))
    await page.getByRole('button', { name: 'Open this text' }).click()
    const issues = page.getByRole('alert')
    await issues.getByText('simulation.workload.rate').waitFor()
    expect(await issues.locator('li').allInnerTexts()).toEqual([expect.stringMatching(/rate.*line 1\d/), expect.stringMatching(/shards.*line 2\d/)])
    const from = await clock(page)
    await expect.poll(() => clock(page), { timeout: 5000 }).toBeGreaterThan(from)
    await issues.getByRole('button', { name: 'Close' }).click()
    await page.keyboard.press('d')
    await page.locator('input[type=file]').setInputFiles({ name: 'mine.md', mimeType: 'text/markdown', buffer: Buffer.from(own) })
    await page.getByRole('heading', { name: 'What is mine?' }).waitFor()
    expect((await specNow()).scenario).toBe(own)
  }, 60_000)
})

describe('the interview', () => {
  it('lets ask as many questions as the scenario allows, says what each reveals, and judges the choice by it', async () => {
    await visit(long, { bypassCSP: true })
    await page.keyboard.press('d')
    await page.getByRole('button', { name: 'Ask before you draw' }).click()
    const dialog = page.getByRole('dialog')
    const questions = dialog.locator('.questions button')
    await dialog.getByText('4 left.').waitFor()
    for (const i of [2, 3, 7, 0]) await questions.nth(i).press('Enter')
    expect(await dialog.locator('.questions b').allInnerTexts()).toEqual(['sub-second', 'zero message loss', 'exactly-once required'])
    expect(await questions.evaluateAll((all) => all.every((one) => (one as HTMLButtonElement).disabled))).toBe(true)
    expect(await violations()).toEqual([])
    await dialog.getByRole('button', { name: 'AWS Kinesis + Lambda' }).press('Enter')
    await dialog.getByText('A batch that is handed over again is written again.').waitFor()
    await dialog.getByText('What you learned justifies it.').first().waitFor()
    await dialog.getByText('How many transactions arrive in a second when it is busy?').nth(1).waitFor()
    await dialog.getByRole('button', { name: 'See it in the lab' }).click()
    await expect.poll(async () => (await specNow()).scenario, { timeout: 20_000 }).toBe('fraud-detection')
  }, 60_000)
})

describe('a surprise', () => {
  it('is in the run and nowhere on the page until it is asked for, in the link as well', async () => {
    await visit(long)
    await page.keyboard.press('x')
    await page.getByRole('button', { name: 'What was it?' }).waitFor()
    const { faults } = await specNow()
    expect(faults.length).toBeGreaterThan(0)
    const shown = async (): Promise<boolean> => {
      const text = await page.locator('body').innerText()
      const names = await page.locator('[aria-label]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      return faults.some((fault) => [text, ...names].some((words) => words.includes(fault.split(' at ')[0]!)))
    }
    await faster()
    await expect.poll(() => clock(page), { timeout: 40_000 }).toBeGreaterThan(24)
    expect(await shown()).toBe(false)
    const link = await encodeLink(await specNow())
    await page.context().close()
    page = await built.visit({ link, query: '?surprise' })
    await settled()
    expect(await shown()).toBe(false)
    await page.getByRole('button', { name: 'What was it?' }).click()
    await expect.poll(shown, { timeout: 5000 }).toBe(true)
    expect(page.url()).not.toContain('surprise')
  }, 100_000)
})

describe('the projector', () => {
  it('stops before the effect, takes a prediction by keyboard, and judges it when the story is over', async () => {
    await visit(long, { query: '?present', bypassCSP: true })
    expect(await page.locator('.lab, aside').count()).toBe(0)
    expect(await page.locator('sim-chart').count()).toBe(1)
    const size = (selector: string): Promise<number> => page.locator(selector).first().evaluate((one) => {
      const letters = Number.parseFloat(getComputedStyle(one).fontSize)
      const svg = one.closest('svg')
      return svg === null ? letters : letters * (svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)
    })
    expect(await size('svg.stage text.i3')).toBeGreaterThanOrEqual(15.9)
    expect(await size('.title b')).toBe(20)
    await page.keyboard.press('c')
    await page.getByRole('heading', { name: 'What will happen?' }).waitFor()
    expect(await page.locator('.object.state-0').count()).toBe(0)
    await page.keyboard.press('a')
    expect(await page.locator('.ask li button').count()).toBe(8)
    expect(await violations()).toEqual([])
    await page.keyboard.press('3')
    await page.keyboard.press('5')
    expect(await page.locator('.ask [aria-pressed=true]').allInnerTexts()).toEqual([expect.stringContaining('only comes late'), expect.stringContaining('lost')])
    await page.keyboard.press('Space')
    await page.locator('.object.state-0').first().waitFor()
    await faster()
    const came = page.locator('.came .said')
    await came.first().waitFor()
    expect(await came.allInnerTexts()).toEqual([expect.stringContaining('it only comes late'), expect.stringContaining('something is lost')])
    expect(await came.evaluateAll((all) => all.map((one) => one.classList.contains('broke')))).toEqual([false, true])
    await page.keyboard.press('r')
    await expect.poll(async () => (await specNow()).faults.length, { timeout: 20_000 }).toBe(0)
    await page.keyboard.press('p')
    await page.locator('aside').waitFor()
  }, 100_000)
})
