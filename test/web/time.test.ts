/**
 * Time, faults, sharing, keys and access of the built page, in a real browser with the real engines. Each test takes a
 * few seconds; all scenes run at 200 records/s.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseDuration, type RunSpec } from '../../src/host/api.ts'
import { encodeLink } from '../../src/host/link.ts'
import { modelVersion } from '../../src/run/check.ts'
import { smallWith } from '../run/small-scenario.ts'
import { root } from '../tidy/tree.ts'
import { BuiltPage, clock, isLong } from './built-page.ts'

const run: RunSpec = {
  version: 1, model: modelVersion, scenario: smallWith({ duration: '60s' }), seed: '3',
  architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: ['pause processor-1 at 8s for 2s'], changes: [],
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

/** A page that stands at twelve seconds. */
async function visit(options: Parameters<BuiltPage['visit']>[0] = {}): Promise<void> {
  page = await built.visit({ link: await encodeLink(run), ...options })
  await page.locator('sim-column, .top').first().waitFor()
  await expect.poll(() => page.evaluate(() => {
    const { store } = document.querySelector('sim-app') as unknown as { store: { goal: number | null; columns: unknown[]; pause(): void } }
    if (store.goal !== null || store.columns.length === 0) return false
    store.pause()
    return true
  }), { timeout: 50_000 }).toBe(true)
  await page.evaluate(() => (document.querySelector('sim-app') as unknown as { store: { goTo(to: number): Promise<void> } }).store.goTo(12))
}

const faults = (): Promise<readonly string[]> => page.evaluate(() =>
  (document.querySelector('sim-app') as unknown as { store: { spec: { faults: string[] } } }).store.spec.faults)
const columns = (): Promise<readonly { ghost: number; reached: number }[]> => page.evaluate(() =>
  (document.querySelector('sim-app') as unknown as { store: { columns: { ghost: unknown[]; reached: number }[] } }).store.columns
    .map(({ ghost, reached }) => ({ ghost: ghost.length, reached })))

/** A busy machine is slow, not wrong. */
const soon = { timeout: 15_000 }

const secondsOf = (text = ''): number => {
  const parsed = parseDuration(text)
  return parsed.ok ? parsed.value / 1e9 : Number.NaN
}

describe('time', () => {
  it('forks in the past by keyboard alone: the fault is moved on its track, the old future stays as a ghost, undo and redo', async () => {
    await visit()
    await page.getByRole('button', { name: /^pause processor-1 at 8s/ }).focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowUp')
    await expect.poll(faults, soon).toEqual(['pause processor-1 at 6900ms for 2100ms'])
    await page.locator('sim-scrub [role=button]:focus').waitFor()
    expect((await columns()).map(({ ghost }) => ghost > 20)).toEqual([true, true])
    await page.getByRole('img', { name: 'in the old future: pause processor-1 at 8s for 2s' }).waitFor()
    await page.keyboard.press('g')
    expect((await columns()).map(({ ghost }) => ghost)).toEqual([0, 0])
    await page.keyboard.press('Control+z')
    await expect.poll(faults, soon).toEqual(run.faults)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(faults, soon).toEqual(['pause processor-1 at 6900ms for 2100ms'])
    await page.getByRole('button', { name: /^pause processor-1 at/ }).focus()
    await page.keyboard.press('Delete')
    await expect.poll(faults, soon).toEqual([])
  }, 60_000)

  it('moves and stretches a fault by mouse, and edits every part of it in the list', async () => {
    await visit()
    const block = await page.getByRole('button', { name: /^pause processor-1 at 8s/ }).boundingBox()
    const perSecond = (await page.locator('svg.scrub').boundingBox())!.width / 60
    await page.mouse.move(block!.x + 8, block!.y + 10)
    await page.mouse.down()
    await page.mouse.move(block!.x + 8 + 20 * perSecond, block!.y + 10, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => secondsOf(/at (\S+)/.exec((await faults())[0]!)?.[1]), soon).toBeCloseTo(28, 0)
    const handle = (await page.getByRole('slider', { name: /^length of pause/ }).boundingBox())!
    await page.mouse.move(handle.x + handle.width / 2, handle.y + 10)
    await page.mouse.down()
    await page.mouse.move(handle.x + handle.width / 2 + 5 * perSecond, handle.y + 10, { steps: 4 })
    await page.mouse.up()
    await expect.poll(async () => secondsOf(/for (\S+)/.exec((await faults())[0]!)?.[1]), soon).toBeCloseTo(7, 0)
    await page.keyboard.press('l')
    const list = page.getByRole('dialog')
    await list.getByLabel('at, seconds').fill('9')
    await list.getByLabel('lasts, seconds').fill('3')
    await page.keyboard.press('Tab')
    await list.getByLabel('target').selectOption('processor-2')
    await list.getByRole('combobox', { name: 'in' }).selectOption({ index: 1 })
    await expect.poll(faults, soon).toEqual(['pause processor-2 at 9s for 3s only kafka-flink'])
    await list.getByRole('button', { name: /Take out/ }).click()
    await list.getByText('Nothing is struck').waitFor()
  }, 60_000)

  it('steps to the next protocol moment, fault and record, and says what happens there', async () => {
    await visit({ link: await encodeLink({ ...run, faults: ['crash processor-1 at 14500ms'] }) })
    const from = await clock(page)
    await page.keyboard.press('n')
    await expect.poll(() => clock(page), soon).toBeGreaterThan(from)
    expect(await page.locator('.moment').innerText()).not.toBe('')
    await page.keyboard.press('f')
    await expect.poll(() => clock(page), soon).toBe(14.5)
    await page.keyboard.press('.')
    await page.locator('.moment', { hasText: /^source-\d:\d+ is born/ }).waitFor()
    const born = await clock(page)
    expect(born > 14.5 && born < 14.6).toBe(true)
    await page.keyboard.press('-')
    await page.getByRole('slider', { name: 'speed' }).and(page.locator('[aria-valuetext="1/2"]')).waitFor()
  }, 60_000)
})

describe('faults', () => {
  it('say what they mean in each product before they are struck, take strength and peers, and are refused with a reason', async () => {
    await visit()
    await page.keyboard.press('b')
    const menu = page.getByRole('dialog')
    await menu.getByLabel('target').selectOption('broker-1')
    await menu.getByText('Kinesis shows no brokers').first().waitFor()
    await menu.getByRole('textbox', { name: 'cut, towards' }).fill('-> broker-2')
    await menu.getByRole('button', { name: 'cut', exact: true }).click()
    await expect.poll(async () => (await faults()).at(-1), soon).toMatch(/^cut broker-1 -> broker-2 at \d+m?s for 5s$/)
    await page.keyboard.press('b')
    await menu.getByLabel('target').selectOption('processor-1')
    await menu.getByRole('textbox', { name: /^slow:/ }).fill('x7')
    await menu.getByRole('button', { name: 'slow', exact: true }).click()
    await expect.poll(async () => (await faults()).at(-1), soon).toMatch(/^slow processor-1 x7 at /)
    await page.keyboard.press('b')
    await menu.getByText('Not possible here').click()
    expect(await menu.getByRole('button', { name: 'rebalance', exact: true }).isDisabled()).toBe(true)
  }, 60_000)
})

describe('sharing', () => {
  it('gives run, report and series as files, and keeps the run on this machine until it is cleared', async () => {
    await visit()
    await page.keyboard.press('c')
    await expect.poll(async () => (await faults()).length, soon).toBe(2)
    await page.waitForTimeout(1600)
    await page.keyboard.press('s')
    const saved = async (name: string): Promise<string> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      return readFileSync(await download.path(), 'utf8')
    }
    expect(JSON.parse(await saved('Run, JSON'))).toMatchObject({ scenario: run.scenario, seed: '3', faults: await faults() })
    expect(JSON.parse(await saved('Report, JSON'))).toMatchObject({ version: 1, digest: expect.stringMatching(/^[0-9a-f]+$/), runs: [{ label: 'kafka-flink' }, { label: 'kinesis-lambda' }] })
    expect((await saved('Series of A, CSV')).split('\n').length).toBeGreaterThan(9)
    await page.getByRole('dialog').locator('.recent li', { hasText: 'pause processor-1, crash processor-1' }).waitFor()
    await page.keyboard.press('Escape')
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, JSON.stringify({ ...run, seed: '4' }))
    await page.locator('header', { hasText: 'seed 4' }).waitFor()
    await page.getByRole('button', { name: 'Share' }).click()
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('dialog').getByText('None yet').waitFor()
  }, 60_000)
})

describe('the page without a network', () => {
  it('works after its first visit, asks no other host, and its policy lets nothing else in', async () => {
    await visit()
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.context().setOffline(true)
    await page.reload()
    await page.locator('sim-column').first().waitFor()
    await expect.poll(() => clock(page), { timeout: 30_000 }).toBeGreaterThan(10)
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'none'")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    const refused = await page.evaluate(() => {
      const tries = [
        () => { document.createElement('div').innerHTML = '<b>text</b>' },
        () => { (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }).trustedTypes.createPolicy('another', {}) },
        () => { new Worker('assets/other.js') },
      ]
      return tries.map((attempt) => {
        try {
          attempt()
          return false
        } catch {
          return true
        }
      })
    })
    expect(refused).toEqual([true, true, true])
    // These three are what the browser says of the refusals above.
    built.complaints.splice(0, Infinity, ...built.complaints.filter((text) => !/Trusted ?Type|TrustedScriptURL|TrustedHTML|trusted-types/i.test(text)))
  }, 60_000)
})

describe('the page for everybody', () => {
  it.runIf(isLong).each([1440, 375])('has no serious accessibility finding in any dialog, light or dark, at %d px', async (width) => {
    await visit({ viewport: { width, height: 812 }, bypassCSP: true, reducedMotion: 'reduce' })
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
    const found = async (view: string, on: string): Promise<void> => {
      for (const colorScheme of width === 375 ? ['dark'] as const : ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const ids = await page.evaluate(async (part) => {
          const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
          return (await axe.run(document.querySelector(part)!)).violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)
        }, on)
        expect({ view, colorScheme, ids }).toEqual({ view, colorScheme, ids: [] })
      }
    }
    for (const key of ['l', 'b', 's', '?']) {
      // A key is nobody's while a dialog gives the focus back.
      await expect.poll(async () => {
        if (await page.locator('dialog[open]').count() === 0) await page.keyboard.press(key)
        return page.locator('dialog[open]').count()
      }, { timeout: 10_000, interval: 500 }).toBe(1)
      await found(`dialog of ${key}`, 'dialog[open]')
      await page.keyboard.press('Escape')
      await page.locator('dialog[open]').waitFor({ state: 'detached' })
    }
    if (width === 375) {
      await page.getByRole('button', { name: 'Scenarios' }).click()
      await page.locator('dialog[open] .cards li').first().waitFor()
      await found('gallery', 'dialog[open]')
      await page.keyboard.press('Escape')
      await page.locator('dialog[open]').waitFor({ state: 'detached' })
      await page.locator('summary', { hasText: 'Faults and changes' }).click()
    } else {
      await page.getByRole('button', { name: /^pause processor-1 at/ }).focus()
      await page.keyboard.press('p')
      await page.locator('.present').waitFor()
      await found('projector', 'body')
      await page.keyboard.press('p')
      await page.locator('.lab').waitFor()
    }
    await found('faults', width === 375 ? 'details.struck' : 'footer')
  }, 60_000)

  it('goes by keyboard through header, stage, charts, transport and track, and says what happens', async () => {
    await visit()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('to the next protocol moment').waitFor()
    await page.keyboard.press('Escape')
    const seen: string[] = []
    await page.locator('header button').first().focus()
    for (let i = 0; i < 260 && !seen.includes('SIM-BREAK'); i++) {
      const place = await page.evaluate(() => {
        const [element] = [document.activeElement]
        const home = element?.closest('header, sim-stage, sim-chart, sim-panel, sim-scrub, sim-transport, sim-break')
        return home?.tagName ?? ''
      })
      if (place !== '' && seen.at(-1) !== place) seen.push(place)
      await page.keyboard.press('Tab')
    }
    expect(seen.filter((place, i) => seen.indexOf(place) === i)).toEqual(['HEADER', 'SIM-STAGE', 'SIM-CHART', 'SIM-PANEL', 'SIM-TRANSPORT', 'SIM-SCRUB', 'SIM-BREAK'])
    await page.locator('body').click({ position: { x: 700, y: 8 } })
    await page.keyboard.press('c')
    await page.keyboard.press('Space')
    await page.getByRole('log').getByText(/Now: crash processor-1|nothing new becomes visible/).waitFor({ state: 'attached' })
  }, 60_000)
})
