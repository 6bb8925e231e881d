/** Small helpers for tests of scenario files. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Issue } from '../../src/contract/issue.ts'
import type { Scenario } from '../../src/contract/scenario.ts'
import { loadScenario } from '../../src/scenario/scenario.ts'

/** The text of a file of this project, by its path from the root. */
export function readProjectFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
}

/** The loaded scenario; throws its issues otherwise. */
export function loaded(text: string, name = 'test.md'): Scenario {
  const result = loadScenario(text, name)
  if (!result.ok) throw new Error(result.issues.map((issue) => `${issue.line}: ${issue.code} ${issue.path}: ${issue.message}`).join('\n'))
  return result.value
}

/** The issues of a text that must be refused. */
export function refused(text: string): readonly Issue[] {
  const result = loadScenario(text, 'test.md')
  if (result.ok) throw new Error('the file was not refused')
  return result.issues
}

/** A small scenario file with a simulation block; line 2 is the title, the block's lines start at 4. */
export function fileWith(block: string): string {
  return `---\ntitle: "A test"\nsimulation:\n${block.replace(/^(?=.)/gm, '  ')}\n---\n\nText.\n`
}
