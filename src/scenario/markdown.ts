/**
 * Guidance as a small tree: headings, paragraphs, lists, code blocks; bold and code inside lines. All else,
 * HTML and links too, stays the text that it is; no page is ever given markup.
 */
import type { Block, Inline, ListItem } from '../contract/scenario.ts'
import { blocksMax, listDepthMax } from './limits.ts'
import type { Notes } from './notes.ts'

type Line = { readonly indent: number; readonly text: string }
type Writable = { inlines: Inline[]; items: Writable[] }

const heading = /^(#{1,6})\s+(\S.*)$/
const item = /^(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/
const fence = /^(`{3,}|~{3,})\s*([\w+-]*)\s*$/

/** Reads the Markdown part; never fails, but notes when there is too much of it. */
export function readMarkdown(text: string, firstLine: number, notes: Notes): Block[] {
  const lines = text.split('\n')
  const blocks: Block[] = []
  let next = 0
  while (next < lines.length) {
    if (blocks.length >= blocksMax) {
      notes.add('guidance.many', '', firstLine + next, `expected at most ${blocksMax} blocks of guidance, found more`)
      return blocks
    }
    next = readBlock(lines, next, blocks)
  }
  return blocks
}

function readBlock(lines: readonly string[], start: number, blocks: Block[]): number {
  const { text } = measured(lines[start])
  if (text === '') return start + 1
  const opening = fence.exec(text)
  if (opening !== null) return readCode(lines, start, opening, blocks)
  const title = heading.exec(text)
  if (title !== null) {
    blocks.push({ kind: 'heading', level: title[1]?.length ?? 1, inlines: readInlines(withoutClosing(title[2] ?? '')) })
    return start + 1
  }
  if (item.test(text)) return readList(lines, start, blocks)
  let end = start
  while (end < lines.length && !startsOther(measured(lines[end]).text)) end++
  const paragraph = lines.slice(start, end).map((line) => line.trim()).join(' ')
  blocks.push({ kind: 'paragraph', inlines: readInlines(paragraph) })
  return end
}

/** A heading may close with marks of its own; searched from the end, since a pattern would look from every blank. */
function withoutClosing(text: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === '#') end--
  return end < text.length && end > 0 && text[end - 1]?.trim() === '' ? text.slice(0, end).trimEnd() : text
}

function startsOther(text: string): boolean {
  return text === '' || heading.test(text) || item.test(text) || fence.test(text)
}

function readCode(lines: readonly string[], start: number, opening: RegExpExecArray, blocks: Block[]): number {
  const mark = opening[1] ?? '```'
  let end = start + 1
  while (end < lines.length && (lines[end] ?? '').trim() !== mark) end++
  blocks.push({ kind: 'code', language: opening[2] ?? '', text: lines.slice(start + 1, end).join('\n') })
  return end + 1
}

/** Items by indentation; a blank line between two items does not end the list. */
function readList(lines: readonly string[], start: number, blocks: Block[]): number {
  const root: Writable = { inlines: [], items: [] }
  const open: { indent: number; owner: Writable }[] = [{ indent: -1, owner: root }]
  const ordered = item.exec(measured(lines[start]).text)?.[1] !== undefined
  let next = start
  let words = ''
  const close = () => {
    const owner = open[open.length - 1]?.owner
    if (owner !== undefined && owner !== root) owner.inlines = readInlines(words)
    words = ''
  }
  for (; next < lines.length; next++) {
    const { indent, text } = measured(lines[next])
    const found = item.exec(text)
    if (found === null) {
      if (text === '' ? !item.test(measured(lines[next + 1]).text) : startsOther(text)) break
      words += text === '' ? '' : ` ${text}`
      continue
    }
    close()
    while (open.length > 1 && (indent <= (open[open.length - 1]?.indent ?? -1) || open.length > listDepthMax)) open.pop()
    const entry: Writable = { inlines: [], items: [] }
    open[open.length - 1]?.owner.items.push(entry)
    open.push({ indent, owner: entry })
    words = found[2] ?? ''
  }
  close()
  const items: readonly ListItem[] = root.items
  blocks.push({ kind: 'list', ordered, items })
  return next
}

function measured(line: string | undefined): Line {
  const text = (line ?? '').replace(/\t/g, '    ')
  return { indent: text.length - text.trimStart().length, text: text.trim() }
}

/** Bold and code; a mark without its partner is text. */
export function readInlines(text: string): Inline[] {
  const inlines: Inline[] = []
  const add = (kind: Inline['kind'], piece: string) => {
    if (piece !== '') inlines.push({ kind, text: piece })
  }
  let from = 0
  for (const found of text.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`/g)) {
    add('text', text.slice(from, found.index))
    if (found[1] !== undefined) add('bold', found[1])
    else add('code', found[2] ?? '')
    from = found.index + found[0].length
  }
  add('text', text.slice(from))
  return inlines
}
