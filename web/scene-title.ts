/** What the header calls a scenario. */
import type { RunSpec } from '../src/host/api.ts'

const known: Readonly<Record<string, string>> = { 'fraud-detection': 'Fraud detection, 10 000 records/s' }

/** The title of a known scenario, the title line of an inline one, else the id with spaces. */
export function sceneTitle(spec: RunSpec): string {
  const rate = spec.workload?.['rate']
  const name = known[spec.scenario] ?? titleLine(spec.scenario) ?? spec.scenario.slice(0, 60).replace(/[-_]/g, ' ')
  return rate === undefined ? name : `${name.replace(/, [\d ]+records\/s$/, '')}, ${rate}`
}

function titleLine(text: string): string | null {
  const found = /^title:\s*["']?(.{1,120}?)["']?\s*$/m.exec(text)
  return found === null ? null : (found[1] ?? null)
}
