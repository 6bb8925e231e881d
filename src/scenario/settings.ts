/** Settings of architectures: knob keys and the values as they were written; recipes check them later. */
import { quoted } from '../contract/issue.ts'
import type { SettingsByKey } from '../contract/scenario.ts'
import type { Fields } from './fields.ts'
import { settingsMax, shortTextMax } from './limits.ts'

/** Settings by a first level of names: `known` ids, or any when the list is empty. */
export function readSettingsOf(block: Fields, key: string, known: readonly string[]): Record<string, SettingsByKey> {
  const all: Record<string, SettingsByKey> = {}
  const names = block.map(key)
  if (names === null) return all
  for (const name of names.keys()) {
    if (known.length > 0 && !known.includes(name)) {
      names.note('scenario.reference', name, `expected one of ${known.join(', ')}, found ${quoted(name)}`)
    }
    const fields = names.map(name)
    if (fields !== null) all[name] = readSettings(fields)
  }
  return all
}

/** One map of knob keys; every scalar is taken as the text that was written. */
export function readSettings(fields: Fields): SettingsByKey {
  const settings: Record<string, string> = {}
  const keys = fields.keys()
  if (keys.length > settingsMax) fields.notes.add('scenario.many', fields.path, fields.line, `expected at most ${settingsMax} settings, found ${keys.length}`)
  for (const key of keys.slice(0, settingsMax)) {
    const tree = fields.get(key)?.tree
    if (tree?.kind !== 'scalar' || tree.value === null || tree.text.length > shortTextMax) {
      fields.note('scenario.kind', key, `expected one value of at most ${shortTextMax} characters for the setting ${quoted(key)}`)
    } else {
      settings[key] = tree.text
    }
  }
  return settings
}
