/** The text of a file before any grammar: characters that may not be in it, and its two parts. */
import { fileLengthMax, frontMatterLengthMax } from './limits.ts'
import type { Notes } from './notes.ts'

/** The two parts of a scenario file; the front matter starts on line 2. */
export interface FileParts {
  readonly frontMatter: string
  readonly guidance: string
}

const forbidden: readonly { readonly code: string; readonly what: string; readonly pattern: RegExp }[] = [
  {
    code: 'text.control-character', what: 'a control character',
    // oxlint-disable-next-line no-control-regex -- they are what is looked for.
    pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]|\r(?!\n)/,
  },
  {
    code: 'text.direction-character', what: 'a character that turns the reading direction',
    pattern: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
  },
  {
    code: 'text.invisible-character', what: 'an invisible character',
    pattern: /[\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/u,
  },
  { code: 'text.half-character', what: 'half of a surrogate pair', pattern: /\p{Surrogate}/u },
]

/** Notes the first forbidden character of each kind in a text; true when there was none. */
export function checkCharacters(text: string, path: string, line: number | null, notes: Notes): boolean {
  let clean = true
  for (const { code, what, pattern } of forbidden) {
    const found = pattern.exec(text)
    if (found === null) continue
    clean = false
    const point = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    notes.add(code, path, line, `expected printable text, found ${what} (U+${point})`)
  }
  return clean
}

/** Checks size and characters and cuts the file in two; null when there is nothing to go on with. */
export function splitFile(raw: string, notes: Notes): FileParts | null {
  if (raw.length > fileLengthMax) {
    notes.add('text.long', '', null, `expected at most ${fileLengthMax} characters, found ${raw.length}`)
    return null
  }
  const text = raw.startsWith('\ufeff') ? raw.slice(1) : raw
  const lines = text.split('\n')
  let clean = true
  for (let i = 0; i < lines.length; i++) {
    // A carriage return belongs to the line's end, which the split took away.
    const line = lines[i] ?? ''
    const bare = i < lines.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line
    lines[i] = bare
    if (!checkCharacters(bare, '', i + 1, notes)) clean = false
  }
  if (lines[0]?.trimEnd() !== '---') {
    notes.add('front-matter.start', '', 1, 'expected the line --- that opens the front matter, found none on line 1')
    return null
  }
  const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === '---')
  if (end < 0) {
    notes.add('front-matter.end', '', lines.length, 'expected the line --- that closes the front matter, found the end of the file')
    return null
  }
  const frontMatter = lines.slice(1, end).join('\n')
  if (frontMatter.length > frontMatterLengthMax) {
    notes.add('front-matter.long', '', 1, `expected at most ${frontMatterLengthMax} characters of front matter, found ${frontMatter.length}`)
    return null
  }
  return clean ? { frontMatter: `${frontMatter}\n`, guidance: lines.slice(end + 1).join('\n') } : null
}
