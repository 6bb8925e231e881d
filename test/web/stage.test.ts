/**
 * The stage and the charts of the built page in a real browser, on a run of 200 records/s: what is explained, moved to
 * and struck by keyboard, what a chart gives away, and that every size of window is used. Takes about half a minute.
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
import { BuiltPage, isLong } from './built-page.ts'

const run: RunSpec = {
  version: 1, model: modelVersion, scenario: smallWith({ duration: '300s' }), seed: '3',
  architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [],
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

interface InPage {
  store: {
    goal: number | null
    columns: unknown[]
    pause(): void
    toggle(): void
    strike(what: { kind: string; target: string }): Promise<boolean>
  }
}

/** A page on the run once both columns have their first ten seconds, standing still. */
async function visit(options: Parameters<BuiltPage['visit']>[0] = {}): Promise<void> {
  page = await built.visit({ link: await encodeLink(run), ...options })
  await page.waitForFunction(() => {
    const app = document.querySelector('sim-app') as unknown as InPage | null
    return app !== null && app.store.columns.length === 2 && app.store.goal === null && document.querySelector('svg.stage .object') !== null
  })
  await page.evaluate(() => (document.querySelector('sim-app') as unknown as InPage).store.pause())
}

const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.querySelector('title')?.textContent ?? '')

describe('the stage', () => {
  it('is walked by arrow keys, and explains and opens what has the focus', async () => {
    await visit()
    await page.getByRole('button', { name: /^broker-1/ }).focus()
    const card = page.locator('.about:popover-open')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/^broker-2/)
    await card.getByText('A Kafka broker').waitFor()
    expect(await card.locator('dt').allTextContents()).toContain('min.insync.replicas')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toMatch(/^partition 0/)
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('One partition of the input').waitFor()
  }, 60_000)

  it('has one stop for Tab in each row, which is where the focus was last', async () => {
    await visit()
    const stops = (): Promise<number[]> => page.evaluate(() => [...document.querySelectorAll('svg.stage > g')]
      .map((part) => part.querySelectorAll('.object[tabindex="0"]').length))
    expect(new Set(await stops())).toEqual(new Set([1]))
    await page.getByRole('button', { name: /^Slot 2 of TaskManager 2/ }).focus()
    expect(new Set(await stops())).toEqual(new Set([1]))
    expect(await page.evaluate(() => document.activeElement?.getAttribute('tabindex'))).toBe('0')
  }, 60_000)

  it('shows within a second that a TaskManager was struck', async () => {
    await visit()
    await page.evaluate(() => (document.querySelector('sim-app') as unknown as InPage).store.toggle())
    // Others on the machine only ever add to it: the best of three strikes is the page's own.
    let best = Infinity
    for (let n = 1; n <= 3 && best >= 1000; n++) {
      await page.waitForTimeout(1500)
      const took = await page.evaluate(async (name) => {
        const { store } = document.querySelector('sim-app') as unknown as InPage
        const chip = [...document.querySelectorAll('svg.stage .object')].find((one) => one.querySelector('title')?.textContent.startsWith(name) === true)!
        const begun = performance.now()
        void store.strike({ kind: 'crash', target: `processor-${name.slice(-1)}` })
        while (!chip.classList.contains('state-0') && performance.now() - begun < 5000) await new Promise((resolve) => { requestAnimationFrame(resolve) })
        return performance.now() - begun
      }, `TaskManager ${n}`)
      console.log(`strike ${n} was seen after ${took.toFixed(0)} ms`)
      best = Math.min(best, took)
    }
    expect(best).toBeLessThan(1000)
  }, 60_000)

  it.each([[1440, 900], [1920, 1080], [2560, 1440]])('fills a window of %d x %d without scrolling', async (width, height) => {
    await visit({ viewport: { width, height } })
    const used = await page.evaluate(() => {
      const main = document.querySelector('main')!
      const stage = document.querySelector('svg.stage')!.getBoundingClientRect()
      const charts = document.querySelector('.charts')!.getBoundingClientRect()
      const rest = document.querySelector('footer')!.getBoundingClientRect().top - charts.bottom
      const gap = charts.top - stage.bottom
      return { scrolls: main.scrollHeight > main.clientHeight + 1 || document.documentElement.scrollWidth > innerWidth, share: (2 * stage.width) / main.clientWidth, rest, gap }
    })
    expect(used.scrolls).toBe(false)
    expect(used.share).toBeGreaterThan(0.94)
    expect(used.rest).toBeLessThan(4)
    expect(used.gap).toBeLessThan(0.06 * height)
  }, 60_000)
})

describe('a chart', () => {
  it('is swapped, read and saved by keyboard', async () => {
    await visit()
    await page.getByRole('img', { name: /^Lag, / }).focus()
    await page.keyboard.press('Enter')
    const sheet = page.getByRole('dialog')
    await sheet.getByText('A lag seconds').waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'Save CSV' }).press('Enter')])
    const csv = readFileSync(await file.path(), 'utf8').trim().split('\n')
    expect(csv[0]).toBe('time_s,A lag seconds,B lag seconds')
    expect(csv.length).toBeGreaterThan(90)
    const [svg] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'Save SVG' }).press('Enter')])
    expect(readFileSync(await svg.path(), 'utf8')).toMatch(/^<svg xmlns[\s\S]*<path [\s\S]*Lag, seconds/)
    const [png] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'Save PNG' }).press('Enter')])
    expect(readFileSync(await png.path()).subarray(1, 4).toString()).toBe('PNG')
    await sheet.getByRole('button', { name: 'Lag per lane' }).press('Enter')
    await sheet.getByRole('button', { name: 'Close' }).press('Enter')
    await page.getByRole('img', { name: /^Lag per lane/ }).waitFor()
  }, 60_000)

  it('tells where the time of a record went, in every column', async () => {
    await visit()
    await page.getByRole('button', { name: /^Visible latency: / }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('button', { name: 'Follow' }).click()
    await expect.poll(() => sheet.locator('.stages').evaluateAll((lists) => lists.map((list) => list.children.length)), { timeout: 30_000 }).toEqual([expect.any(Number), expect.any(Number)])
    const texts = await sheet.locator('.stages').allTextContents()
    for (const text of texts) expect(text).toMatch(/ms|\d s/)
  }, 60_000)

  it.runIf(isLong).each([1440, 375])('has a sheet without accessibility violations at %d px', async (width) => {
    await visit({ viewport: { width, height: 812 }, bypassCSP: true })
    await page.getByRole('button', { name: /: other charts/ }).first().click()
    await page.getByRole('dialog').waitFor()
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }> } }
      return (await axe.run(document.body)).violations.map(({ id, nodes }) => `${id} ${JSON.stringify(nodes[0]?.target)}`)
    })
    expect(found).toEqual([])
  }, 60_000)
})
