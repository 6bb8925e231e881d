/**
 * The page in a real browser on made-up engines: what a visitor does, by mouse and by keyboard. The engines are
 * formulas, so what is tested here is the page alone; test/web/lab.test.ts is for the real ones. Takes about 15 s.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../browser.ts'
import { root } from '../tidy/tree.ts'

let server: ViteDevServer
let browser: Browser
let address: string
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  server = await createServer({ root, logLevel: 'error', server: { port: 0, host: '127.0.0.1', hmr: false } })
  await server.listen()
  const at = server.httpServer?.address()
  if (at === null || at === undefined || typeof at === 'string') throw new Error('expected the server to have a port')
  address = `http://127.0.0.1:${at.port}/test/web/fake.html`
  browser = await launchBrowser()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

afterEach(async () => {
  await page?.context().close()
  expect(complaints.splice(0)).toEqual([])
})

async function visit(query: string, width = 1440, height = 900, bypassCSP = false): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, bypassCSP })
  page = await context.newPage()
  page.setDefaultTimeout(8000)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(`${address}?${query}`)
  await page.waitForSelector('html[data-ready=yes]')
  return page
}

const clock = async (): Promise<number> => Number(await page.locator('.clock output').textContent())

describe('the page', () => {
  it('shows two columns that run, and one button breaks both within a second', async () => {
    await visit('')
    const from = await clock()
    await page.waitForTimeout(600)
    expect(await clock()).toBeGreaterThan(from)
    expect(await page.locator('sim-column').count()).toBe(2)
    await page.getByRole('button', { name: /Crash a worker in both/ }).click()
    await page.getByRole('button', { name: /^TaskManager 1, dead/ }).waitFor({ timeout: 2000 })
    await page.locator('.caption', { hasText: /restarts from checkpoint/ }).waitFor({ timeout: 2000 })
    await page.locator('.cell.flip', { hasText: 'exactly once' }).waitFor({ timeout: 4000 })
  })

  it('is broken, stepped and mended by keyboard alone', async () => {
    await visit('')
    await page.keyboard.press('Space')
    const stopped = await clock()
    await page.keyboard.press('ArrowRight')
    await expect.poll(clock).toBeGreaterThan(stopped)
    await page.keyboard.press('c')
    await page.getByRole('button', { name: /^crash processor-1 at/ }).waitFor()
    await page.keyboard.press('n')
    await page.locator('.facts li', { hasText: 'TaskManager 1 died' }).or(page.locator('.facts li', { hasText: 'restarts from' })).first().waitFor()
    await page.keyboard.press('u')
    await page.getByRole('button', { name: /^crash processor-1 at/ }).waitFor({ state: 'detached' })
  })

  it('opens the faults of an object, strikes one, and says why another is refused', async () => {
    await visit('')
    await page.getByRole('button', { name: /^broker-2 in zone-b/ }).focus()
    await page.keyboard.press('Enter')
    const menu = page.getByRole('dialog')
    await menu.getByText('nobody can crash a Kinesis shard').first().waitFor()
    await menu.getByRole('button', { name: 'pause', exact: true }).click()
    await page.getByRole('button', { name: /^pause broker-2 at .* for 10s$/ }).waitFor()
  })

  it('shows every issue of a wrong setting and keeps the scene running; a right one replays', async () => {
    await visit('')
    await page.locator('summary', { hasText: 'Knobs' }).click()
    const field = page.locator('#knob-0-execution-checkpointing-interval')
    await field.fill('wrong')
    await field.press('Enter')
    await page.getByRole('alert').getByText('expected a duration such as 500ms').waitFor()
    const from = await clock()
    await page.waitForTimeout(500)
    expect(await clock()).toBeGreaterThan(from)
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
    await field.fill('500ms')
    await field.press('Enter')
    await page.locator('.knob.changed', { hasText: 'execution.checkpointing.interval' }).waitFor()
  })

  it('shares a link that opens the same run in a fresh profile, and a cut link says what is wrong', async () => {
    await visit('crash=15&t=16')
    await page.getByRole('button', { name: 'Share' }).click()
    const link = await page.getByRole('textbox', { name: 'Link to this run' }).inputValue()
    await page.context().close()
    await visit(`#${link.split('#')[1]}`)
    await page.getByRole('button', { name: /^crash processor-1 at 15s/ }).waitFor()
    await page.context().close()
    await visit(`#${link.split('#')[1]?.slice(0, 40)}`)
    await page.getByRole('alert').waitFor()
    expect(await page.locator('sim-column').count()).toBe(2)
  })

  it('answers why for a number, and follows a record hop by hop', async () => {
    await visit('crash=15&t=17')
    await page.getByRole('button', { name: /^50 duplicated, why/ }).click()
    await page.locator('sim-why').getByText('batch retried (lambda)').waitFor()
    await page.locator('sim-why').getByRole('button', { name: 'source-2:74391' }).click()
    await page.locator('sim-record').getByText('appended to the log').first().waitFor()
  })

  it('replaces a worker that hangs within seconds and goes on where it was', async () => {
    await visit('worker')
    await page.locator('summary', { hasText: 'Record' }).click()
    await page.getByRole('textbox', { name: /One record/ }).fill('silence:1')
    await page.getByRole('button', { name: 'Follow' }).click()
    const stuck = await clock()
    await page.getByText('its simulation was started again').waitFor({ state: 'attached' })
    await expect.poll(clock, { timeout: 20_000 }).toBeGreaterThan(stuck + 1)
    await page.locator('sim-record').getByText('did not answer').first().waitFor()
    expect(await page.locator('sim-column').count()).toBe(2)
  })

  it('fits 375 px: one column with a switch, nothing wider, controls large enough to touch', async () => {
    await visit('crash=15&t=17', 375, 812)
    expect(await page.locator('sim-column').count()).toBe(1)
    await page.getByRole('tab').nth(1).click()
    await page.getByText('managed, not yours to crash').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    const small = await page.evaluate(() => [...document.querySelectorAll('main button, footer button, summary')]
      .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 44).map((one) => one.textContent))
    expect(small).toEqual([])
  })

  it.each([['light', 1440], ['dark', 1440], ['light', 375]])('has no accessibility violations in %s at %d px', async (theme, width) => {
    await visit(`theme=${theme}&crash=15&t=17&why=1`, width, 812, true)
    await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'))
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(on: Element): Promise<{ violations: { id: string }[] }> } }
      return (await axe.run(document.body)).violations.map((violation) => violation.id)
    })
    expect(found).toEqual([])
  })
})
