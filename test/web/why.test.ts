/**
 * The path from a number to what changes it, settings from files and the story, in the built page with real engines
 * at 200 records/s; motion is reduced, so that the page stands where it is told to, at ten seconds. Takes about half a minute.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunSpec } from '../../src/host/api.ts'
import { encodeLink } from '../../src/host/link.ts'
import { modelVersion } from '../../src/run/check.ts'
import { smallWith } from '../run/small-scenario.ts'
import { root } from '../tidy/tree.ts'
import { BuiltPage, clock, isLong } from './built-page.ts'

const spec: RunSpec = {
  version: 1, model: modelVersion, scenario: smallWith({ duration: '12s' }), seed: '3', changes: [],
  architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: ['crash processor-1 at 5s'],
}

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
  page = await built.visit({ link: await encodeLink(run), reducedMotion: 'reduce', ...options })
  await settled()
  await goTo(10)
}

/** Simulates on to a moment, or shows it again. */
async function goTo(at: number): Promise<void> {
  await page.evaluate((to) => (document.querySelector('sim-app') as unknown as { store: { goTo(at: number): Promise<void> } }).store.goTo(to), at)
}

/** Once both columns stand where they were to go. */
async function settled(): Promise<void> {
  await page.waitForFunction(() => {
    const app = document.querySelector('sim-app') as unknown as { store: { columns: unknown[]; goal: number | null; busy: string } } | null
    return app !== null && app.store.columns.length > 0 && app.store.goal === null && app.store.busy === ''
  })
}

const specNow = (): Promise<RunSpec> => page.evaluate(() => (document.querySelector('sim-app') as unknown as { store: { spec: RunSpec } }).store.spec)
const why = () => page.locator('sim-why')
const section = async (name: string): Promise<void> => {
  const details = page.locator(`#section-${name}`)
  if (await details.getAttribute('open') === null) await details.locator('> summary').click()
}

describe('why', () => {
  it('leads from the story and from duplicates to their cause, a record, its life, its moment, and a second run without them', async () => {
    await visit(spec)
    const story = page.locator('sim-story')
    await story.getByRole('combobox', { name: 'Part' }).selectOption({ label: 'Lambda' })
    await story.getByRole('searchbox').fill('died')
    await expect.poll(() => story.locator('.facts li').allTextContents()).toHaveLength(1)
    await story.getByRole('searchbox').fill('nothing is called so')
    await story.getByText('Nothing of this kind so far.').waitFor()
    await page.getByRole('button', { name: /duplicated, why/ }).nth(1).click()
    await why().getByText('handed over again').first().waitFor()
    const booked = Number(await why().locator('.asked .big').textContent())
    expect(booked).toBeGreaterThan(0)
    await why().getByRole('button', { name: /^source-\d+:\d+$/ }).first().click()
    const life = page.locator('sim-record section', { hasText: 'Kinesis' })
    await life.locator('.steps .copy').first().waitFor()
    // The diagram marks the copy that was made and the death of the environment.
    expect(await life.locator('svg .mark.again').count()).toBeGreaterThan(0)
    expect(await life.locator('svg .mark.died').count()).toBe(1)
    const steps = life.locator('.steps .t')
    await steps.first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const moment = Number(await steps.last().textContent())
    await expect.poll(() => clock(page)).toBeCloseTo(moment, 1)
    await why().getByRole('button', { name: 'Compare: as it is, and with sink.write put' }).click()
    await settled()
    expect((await specNow()).architectures.map(({ id, settings }) => [id, settings?.['sink.write']])).toEqual([['kinesis-lambda', undefined], ['kinesis-lambda', 'put']])
    await goTo(9)
    await expect.poll(() => page.getByRole('button', { name: /^0 duplicated, why/ }).count()).toBe(1)
    expect(await page.getByRole('button', { name: new RegExp(`^${booked} duplicated, why`) }).count()).toBe(1)
    await page.keyboard.press('u')
    await settled()
    expect((await specNow()).architectures).toEqual(spec.architectures)
  }, 60_000)

  it('explains why exactly-once misses a second, and repairs it by one setting', async () => {
    await visit({ ...spec, faults: [] })
    await page.locator('sim-column').first().locator('.cell', { hasText: 'sub-second' }).click()
    await why().getByText('on average half an interval').waitFor()
    expect(parseFloat((await why().locator('.asked .big').textContent())!.replace('≥', ''))).toBeGreaterThan(1)
    await why().getByRole('button', { name: 'Set it: execution.checkpointing.interval to 500ms' }).click()
    await settled()
    // The same question is asked again of the run that was built anew.
    await expect.poll(async () => parseFloat((await why().locator('.asked .big').textContent().catch(() => '9'))!.replace('≥', ''))).toBeLessThan(1)
    expect((await specNow()).architectures[0]?.settings).toEqual({ 'execution.checkpointing.interval': '500ms' })
    // What the figure is, by keyboard.
    await why().getByRole('button', { name: 'What is: Latency against its limit' }).focus()
    await page.keyboard.press('Enter')
    await why().getByText('longer than any limit').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => why().getByText('longer than any limit').count()).toBe(0)
  }, 60_000)
})

describe('knobs', () => {
  it('are set from a pasted file, all at once, with the rest listed; from the playhead where the product can; and by presets', async () => {
    await visit(spec)
    await section('knobs')
    await page.locator('sim-paste summary').click()
    await page.getByRole('textbox', { name: 'Paste settings from a file' }).fill('acks=1\nlinger.ms=25\nheartbeat.timeout=soon\n<img src=x onerror=alert(1)>=1\nconstructor=1\nmax.block.ms=60000')
    const paste = page.locator('sim-paste')
    await paste.getByText('expected a duration').waitFor()
    expect(await paste.locator('img').count()).toBe(0)
    for (const text of ['Read as producer properties.', 'Refused', 'Not simulated in Kafka + Flink', 'Is so already']) expect(await paste.getByText(text).count(), text).toBe(1)
    await paste.getByRole('button', { name: 'Set 2 settings in A' }).click()
    await settled()
    expect((await specNow()).architectures[0]?.settings).toEqual({ acks: '1', 'linger.ms': '25' })
    expect((await specNow()).faults).toEqual(spec.faults)
    await page.locator('sim-differences summary').click()
    await page.locator('sim-differences').getByRole('button', { name: 'acks', exact: true }).click()
    await expect.poll(() => page.locator('#knob-0-acks').inputValue()).toBe('1')
    // What a product changes while it runs acts from the playhead; all else says that it replays.
    await page.locator('sim-knobs').getByRole('button', { name: /^B: Kinesis/ }).click()
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('BatchSize')
    const knob = page.locator('form.knob', { hasText: 'BatchSize' })
    await knob.getByText('changes while running').waitFor()
    await knob.locator('input').fill('25')
    await knob.getByRole('button', { name: 'Set it from 10.00 s on' }).click()
    await settled()
    expect((await specNow()).changes).toEqual([{ at: '10s', label: 'kinesis-lambda', key: 'BatchSize', value: '25' }])
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('ShardCount')
    await page.locator('form.knob', { hasText: 'ShardCount' }).getByText('replays from 0').waitFor()
    await page.locator('#preset').selectOption('defaults')
    await page.locator('sim-knobs > .line').getByRole('button', { name: 'Apply' }).click()
    await settled()
    expect((await specNow()).architectures[1]).toEqual({ id: 'kinesis-lambda', preset: 'defaults' })
  }, 60_000)
})

describe('the panel', () => {
  it.runIf(isLong).each([1440, 375])('has no accessibility violations with every section open, in light and dark at %d px', async (width) => {
    await visit(spec, { viewport: { width, height: 812 }, bypassCSP: true })
    await page.evaluate(() => {
      const { store } = document.querySelector('sim-app') as unknown as { store: { select(selection: object): void; follow(record: string): void } }
      store.select({ column: 1, kind: 'duplicated' })
      store.follow('source-2:489')
    })
    for (const name of ['story', 'why', 'knobs', 'record']) await section(name)
    await page.locator('.steps li').first().waitFor()
    await page.locator('sim-panel details.more > summary').evaluateAll((all) => all.forEach((summary) => (summary as HTMLElement).click()))
    await page.getByRole('textbox', { name: 'Paste settings from a file' }).fill('acks=1\nacks=5\nfoo=1\nlinger.ms=5')
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
        return (await axe.run(document.querySelector('sim-panel')!)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
      })
      expect({ colorScheme, found }).toEqual({ colorScheme, found: [] })
    }
  }, 60_000)
})
