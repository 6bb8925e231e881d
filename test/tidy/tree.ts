/** The project's files as git knows them, with new ones that are not ignored. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Source } from './rules.ts'

/** The folder of package.json. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** All paths from the root, sorted; throws where git is missing, because then nothing is checked. */
export function listFiles(): string[] {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { status, stdout } = spawnSync('git', options, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error('the tidy test needs git and a checkout')
  return [...new Set(stdout.split('\0').filter(Boolean))].toSorted()
}

/** The file's text; undefined when it was deleted and git does not know it yet. */
export function readSource(path: string): Source | undefined {
  try {
    return { path, text: readFileSync(join(root, path), 'utf8') }
  } catch {
    return undefined
  }
}
