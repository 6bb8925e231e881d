/** The page as it is shipped: built once, served locally, opened in a real browser with the real engines. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { build, preview, type PreviewServer } from 'vite'
import { launchBrowser } from '../browser.ts'
import { listFiles, readSource, root } from '../tidy/tree.ts'

/** What looks at every sheet and dialog belongs to the long tier: `vitest run --mode simulate test/web`. */
export const isLong = import.meta.env.MODE === 'simulate'

export interface Visit extends BrowserContextOptions {
  /** Behind '#', with or without it. */
  readonly link?: string
  /** With its '?'. */
  readonly query?: string
}

export class BuiltPage {
  readonly browser: Browser
  readonly address: string
  /** Address of the worker's script within the built page. */
  readonly worker: string
  /** What pages complained of: errors, errors on the console, requests to other hosts. */
  readonly complaints: string[] = []
  private readonly server: PreviewServer

  static async start(): Promise<BuiltPage> {
    const folder = await builtOnce()
    const server = await preview({ root, logLevel: 'error', build: { outDir: folder }, preview: { host: '127.0.0.1', port: 0 } })
    const at = server.httpServer.address()
    if (at === null || typeof at === 'string') throw new Error('expected the server to have a port')
    return new BuiltPage(await launchBrowser(), server, folder, `http://127.0.0.1:${at.port}/`)
  }

  private constructor(browser: Browser, server: PreviewServer, folder: string, address: string) {
    this.browser = browser
    this.server = server
    this.address = address
    const script = readdirSync(join(folder, 'assets')).find((name) => name.startsWith('worker-'))
    if (script === undefined) throw new Error('expected the build to have a worker')
    this.worker = `${address}assets/${script}`
  }

  /** Opens the page in a fresh profile. */
  async visit({ link = '', query = '', ...options }: Visit = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(40_000)
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(this.address) && !request.url().startsWith('data:')) this.complaints.push(`asked ${request.url()}`)
    })
    await page.goto(`${this.address}${query}${link === '' ? '' : `#${link.replace(/^#/, '')}`}`)
    return page
  }

  async stop(): Promise<void> {
    await this.browser.close()
    await this.server.close()
  }
}

/**
 * A folder with the page as its sources are now. The first file that asks builds it; builds of other sources go. The
 * folder appears by one rename, so that two files may build at once.
 */
async function builtOnce(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of listFiles().filter((name) => /^(?:src|models|scenarios|web)\/|^(?:index\.html|package\.json|vite\.config\.ts)$/.test(name))) {
    hash.update(path).update(readSource(path)?.text ?? '')
  }
  const cache = join(root, 'node_modules/.cache/faultline-page')
  const folder = join(cache, hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache)) if (!old.startsWith('.')) rmSync(join(cache, old), { recursive: true, force: true })
  const draft = mkdtempSync(join(cache, '.draft-'))
  await buildAsShipped(draft)
  try {
    renameSync(draft, folder)
  } catch (error) {
    // Another file was there first, with the same page.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** The test runner's own environment would keep the libraries' checks for development in the page. */
async function buildAsShipped(folder: string): Promise<void> {
  const environment = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ root, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  }
}

/** The playhead as it is shown, seconds. */
export async function clock(page: Page): Promise<number> {
  return Number(await page.locator('.clock output').textContent())
}

/**
 * CPU milliseconds of the page's main thread for each picture drawn within `milliseconds`: script, style, layout and
 * paint, messages from the workers included; without Commit, which hands the picture over to the compositor.
 */
export async function frameCosts(browser: Browser, page: Page, milliseconds: number): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'] })
  await page.waitForTimeout(milliseconds)
  interface TraceEvent { name: string; tid: number; pid: number; ts: number; dur: number; tdur?: number; args: { name?: string } }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const busiest = new Map<number, number>()
  for (const event of traceEvents) if (event.name === 'FireAnimationFrame') busiest.set(event.pid, (busiest.get(event.pid) ?? 0) + 1)
  const [pid] = [...busiest].sort((a, b) => b[1] - a[1])[0] ?? []
  const main = traceEvents.find((event) => event.name === 'thread_name' && event.pid === pid && event.args.name === 'CrRendererMain')
  const own = traceEvents.filter((event) => event.pid === pid && event.tid === main?.tid)
  const starts = own.filter((event) => event.name === 'FireAnimationFrame').map((event) => event.ts).sort((a, b) => a - b)
  const costs = new Array<number>(Math.max(0, starts.length - 1)).fill(0)
  for (const event of own) {
    const sign = event.name === 'RunTask' ? 1 : event.name === 'Commit' ? -1 : 0
    if (sign === 0 || event.tdur === undefined) continue
    // A frame's own task begins a little before its animation callbacks and ends behind them.
    const frame = starts.findIndex((at) => at > event.ts + event.dur) - 1
    if (frame >= 0) costs[frame]! += (sign * event.tdur) / 1000
  }
  return costs
}
