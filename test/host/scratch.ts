/** Folders for one test, outside of the project, removed when the test ends. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { root } from '../tidy/tree.ts'

/** A new folder that holds the named files of src/host. */
export function scratchProject(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  mkdirSync(join(folder, 'src/host'), { recursive: true })
  for (const name of names) copyFileSync(join(root, 'src/host', name), join(folder, 'src/host', name))
  return folder
}
