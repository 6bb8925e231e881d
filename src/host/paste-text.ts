/**
 * Settings as people have them in files: Java properties, Flink's YAML (flat or nested), JSON. Only what such files
 * need is read; anchors, tags and lists of YAML are not, and nothing is evaluated. The text comes from outside.
 */

/** Longest text that is looked at, characters; most lines or members; deepest nesting; longest key or value. */
export const pasteCharactersMax = 65_536
export const pasteEntriesMax = 1000
export const pasteDepthMax = 8
export const pasteTextMax = 400

/** One key with its value as it was written. `line` counts from 1; 0 where the form has no lines. */
export interface PastedEntry {
  readonly key: string
  readonly value: string
  readonly line: number
}

export interface PastedText {
  readonly format: 'properties' | 'yaml' | 'json' | 'nothing'
  readonly entries: readonly PastedEntry[]
  /** What could not be read at all, in sentences. */
  readonly problems: readonly string[]
}

/** Control characters and those that turn the direction of writing are shown as what they are. */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- These are what is looked for.
  const shown = text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '\ufffd')
  return shown.length > pasteTextMax ? `${shown.slice(0, pasteTextMax)}…` : shown
}

/** Keys and values in the order in which they stand; a key that comes again counts each time. */
export function readText(text: string): PastedText {
  if (text.length > pasteCharactersMax) {
    return { format: 'nothing', entries: [], problems: [`expected at most ${pasteCharactersMax} characters, found ${text.length}`] }
  }
  const trimmed = text.trim()
  if (trimmed === '') return { format: 'nothing', entries: [], problems: [] }
  const read = /^[{[]/.test(trimmed) ? readJson(trimmed) : isProperties(text) ? readProperties(text) : readYaml(text)
  if (read.entries.length <= pasteEntriesMax) return read
  return { ...read, entries: read.entries.slice(0, pasteEntriesMax), problems: [...read.problems, `only the first ${pasteEntriesMax} keys were read`] }
}

/** The first separator of the first line that has one decides. */
function isProperties(text: string): boolean {
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(#|!|---|$)/.test(line)) continue
    const found = /[=:]/.exec(line)
    if (found !== null) return found[0] === '='
  }
  return false
}

function readProperties(text: string): PastedText {
  const entries: PastedEntry[] = []
  const problems: string[] = []
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const first = i
    let line = lines[i]!.trimStart()
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue
    // A line that ends in an odd number of backslashes goes on in the next one.
    while (/(^|[^\\])(\\\\)*\\$/.test(line) && i + 1 < lines.length && line.length <= pasteTextMax) line = line.slice(0, -1) + lines[++i]!.trimStart()
    const bare = line.replace(/^(?:-D|--?[a-z-]+(?:property|config)[ =])\s*/, '')
    const found = /^((?:\\.|[^\s=:\\])+)\s*[=:\s]\s*(.*)$/.exec(bare.slice(0, 2 * pasteTextMax))
    if (found === null) problems.push(`line ${first + 1}: expected key=value, found "${plainText(bare.slice(0, 60))}"`)
    else entries.push({ key: unescaped(found[1]!), value: unescaped(found[2]!.trim()), line: first + 1 })
  }
  return { format: 'properties', entries, problems }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code: string | undefined, char: string | undefined) =>
    code === undefined ? ({ t: '\t', n: '\n', r: '\r' }[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(code, 16)))
}

/** `key: value` by indentation, and lists of plain items; other blocks are said to be left out. */
function readYaml(text: string): PastedText {
  const entries: PastedEntry[] = []
  const problems: string[] = []
  const path: { key: string; indent: number }[] = []
  const lines = text.split(/\r?\n/)
  for (const [i, raw] of lines.entries()) {
    const line = withoutComment(raw)
    if (line.trim() === '' || /^(---|\.\.\.|%)/.test(line)) continue
    const item = /^( +)- +([^\s:#][^:#]*)$/.exec(line.slice(0, 2 * pasteTextMax))
    if (item !== null && path.length > 0 && path.at(-1)!.indent <= item[1]!.length) {
      entries.push({ key: path.map((part) => part.key).join('.'), value: unquoted(item[2]!.trim()), line: i + 1 })
      continue
    }
    const found = /^([ \t]*)((?:"[^"]*"|'[^']*'|[^\s:#"'{}[\],&*!|>-][^:#]*|-[^\s:#][^:#]*?)?)\s*:(?:\s+(.*))?$/.exec(line.slice(0, 2 * pasteTextMax))
    const key = found === null ? '' : unquoted(found[2]!.trim())
    if (found === null || key === '' || found[1]!.includes('\t')) {
      if (problems.length < 20) problems.push(`line ${i + 1}: expected "key: value", found "${plainText(line.trim().slice(0, 60))}"`)
      continue
    }
    const indent = found[1]!.length
    while (path.length > 0 && path.at(-1)!.indent >= indent) path.pop()
    const whole = [...path.map((part) => part.key), key].join('.')
    const value = (found[3] ?? '').trim()
    if (value !== '') entries.push({ key: whole, value: unquoted(value), line: i + 1 })
    else if (path.length < pasteDepthMax) path.push({ key, indent })
    else problems.push(`line ${i + 1}: expected at most ${pasteDepthMax} levels`)
  }
  return { format: 'yaml', entries, problems }
}

function withoutComment(line: string): string {
  if (line.trimStart().startsWith('#')) return ''
  const found = /^((?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)#)*)\s#/.exec(line.slice(0, 4 * pasteTextMax))
  return found === null ? line : found[1]!
}

function unquoted(text: string): string {
  const found = /^(["'])(.*)\1$/.exec(text)
  return found === null ? text : found[2]!
}

/** Members of objects under their path; the first of a list of mappings, as the service lists them. */
function readJson(text: string): PastedText {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { format: 'json', entries: [], problems: ['expected JSON, found text that is none'] }
  }
  const entries: PastedEntry[] = []
  const problems: string[] = []
  const visit = (value: unknown, path: readonly string[]): void => {
    if (entries.length > pasteEntriesMax) return
    if (path.length > pasteDepthMax) {
      if (problems.length === 0) problems.push(`expected at most ${pasteDepthMax} levels`)
    } else if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
      entries.push({ key: path.join('.'), value: value.map(String).join(','), line: 0 })
    } else if (Array.isArray(value)) {
      visit(value[0], path)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) visit(member, [...path, key])
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      entries.push({ key: path.join('.'), value: String(value), line: 0 })
    }
  }
  visit(data, [])
  return { format: 'json', entries: entries.filter(({ key }) => key !== ''), problems }
}
