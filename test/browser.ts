/** Starts the Chromium that `node src/host/setup.mjs --browser` found. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { root } from './tidy/tree.ts'

const record = join(root, 'node_modules/.cache/faultline-browser.json')

/** Off: what talks to other hosts or needs a graphics card. */
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** Where Chromium is, if it is anywhere. */
export function chromiumPath(): string | undefined {
  const recorded = existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as { path: string }).path : undefined
  return process.env['CHROMIUM_PATH'] ?? recorded
}

/** A headless browser; the caller closes it. Throws one sentence where there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) {
    throw new Error('no Chromium: run `node src/host/setup.mjs --browser` or set CHROMIUM_PATH')
  }
  return await chromium.launch({ executablePath, args })
}
