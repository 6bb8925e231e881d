/**
 * YAML 1.2 core as a small tree with lines. Refused: aliases, anchors, tags, directives, merge keys, more
 * than one document, keys that are not text, keys twice, keys that every object has, numbers that are none.
 */
import { Composer, isMap, isScalar, isSeq, LineCounter, Parser, type CST, type Node } from 'yaml'
import { quoted } from '../contract/issue.ts'
import { checkCharacters } from './file-text.ts'
import { depthMax, nodesMax } from './limits.ts'
import type { Notes } from './notes.ts'

export interface MapTree {
  readonly kind: 'map'
  readonly line: number
  readonly entries: ReadonlyMap<string, { readonly line: number; readonly value: Tree }>
}
export interface ListTree {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly Tree[]
}
export interface ScalarTree {
  readonly kind: 'scalar'
  readonly line: number
  readonly value: string | number | boolean | null
  /** As it was written, without quotes. */
  readonly text: string
}
export type Tree = MapTree | ListTree | ScalarTree

const firstLine = 2
/** The library repeats what it stumbled over, however long it is. */
const messageMax = 200
const refusedTokens: Readonly<Record<string, string>> = {
  alias: 'an alias', anchor: 'an anchor', tag: 'a tag', directive: 'a directive', 'doc-end': 'the end of a document',
}

/** The tree of the front matter, or null when its syntax is wrong; issues are in the notes. */
export function readYaml(text: string, notes: Notes): Tree | null {
  const counter = new LineCounter()
  const lineOf = (offset: number) => counter.linePos(offset).line + firstLine - 1
  const tokens = [...new Parser(counter.addNewLine).parse(text)]
  // Tokens are walked without recursion before the composer, which recurses, sees them.
  if (!checkTokens(tokens, lineOf, notes)) return null
  const documents = [...new Composer({ lineCounter: counter, prettyErrors: false, uniqueKeys: false, schema: 'core' }).compose(tokens, true, text.length)]
  const [document] = documents
  if (document === undefined || documents.length > 1) {
    notes.add('yaml.syntax', '', firstLine, `expected one document, found ${documents.length}`)
    return null
  }
  for (const { message, pos } of document.errors) {
    notes.add('yaml.syntax', '', lineOf(pos[0]), `expected YAML: ${(message.split('\n')[0] ?? message).slice(0, messageMax)}`)
  }
  if (document.errors.length > 0 || document.contents === null) return null
  return convert(document.contents, '', lineOf, notes)
}

type Lines = (offset: number) => number
type Token = CST.Token | CST.SourceToken | CST.CollectionItem

/** Looks for what is refused, and for too much of anything; a stack of our own instead of recursion. */
function checkTokens(tokens: readonly CST.Token[], lineOf: Lines, notes: Notes): boolean {
  const stack: { token: Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 })).reverse()
  let nodes = 0
  let clean = true
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { token, depth } = top
    if ('type' in token) {
      const refused = refusedTokens[token.type]
      if (refused !== undefined) {
        notes.add(`yaml.${token.type}`, '', lineOf(token.offset), `expected plain YAML, found ${refused}`)
        clean = false
      }
      if (depth > depthMax) {
        notes.add('yaml.depth', '', lineOf(token.offset), `expected at most ${depthMax} levels, found more`)
        return false
      }
      const isValue = 'items' in token || token.type.includes('scalar')
      if (isValue && ++nodes > nodesMax) {
        notes.add('yaml.nodes', '', lineOf(token.offset), `expected at most ${nodesMax} keys and values, found more`)
        return false
      }
    }
    for (const child of childrenOf(token)) {
      stack.push({ token: child, depth: depth + ('items' in token ? 1 : 0) })
    }
  }
  return clean
}

/** Children in reverse order, so that a stack gives them back in the order of the text. */
function childrenOf(token: Token): Token[] {
  const children: Token[] = []
  if ('start' in token) children.push(...(Array.isArray(token.start) ? token.start : [token.start]))
  if ('props' in token) children.push(...token.props)
  if ('key' in token && token.key) children.push(token.key)
  if ('sep' in token && token.sep) children.push(...token.sep)
  if ('value' in token && token.value) children.push(token.value)
  if ('items' in token) children.push(...token.items)
  return children.reverse()
}

function convert(node: unknown, path: string, lineOf: Lines, notes: Notes): Tree {
  const line = isNode(node) && node.range ? lineOf(node.range[0]) : firstLine
  if (isMap(node)) {
    const entries = new Map<string, { line: number; value: Tree }>()
    for (const { key, value } of node.items) {
      const keyLine = isNode(key) && key.range ? lineOf(key.range[0]) : line
      const name = keyName(key, path, keyLine, notes)
      if (name === null) continue
      const place = path === '' ? name : `${path}.${name}`
      const before = entries.get(name)
      if (before !== undefined) {
        notes.add('yaml.duplicate-key', place, keyLine, `expected each key once, found ${quoted(name)} again (first on line ${before.line})`)
        continue
      }
      entries.set(name, { line: keyLine, value: convert(value, place, lineOf, notes) })
    }
    return { kind: 'map', line, entries }
  }
  if (isSeq(node)) {
    const items = node.items.map((item, i) => convert(item, `${path}[${i}]`, lineOf, notes))
    return { kind: 'list', line, items }
  }
  return convertScalar(node, path, line, notes)
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value)
}

function keyName(key: unknown, path: string, line: number, notes: Notes): string | null {
  const name = isScalar(key) && typeof key.value === 'string' ? key.value : null
  if (name === null || name === '' || name === '<<') {
    notes.add('yaml.key', path, line, `expected a key that is text, found ${name === null ? 'something else' : quoted(name)}`)
    return null
  }
  if (name in Object.prototype || name === 'prototype') {
    notes.add('yaml.reserved-key', path, line, `expected another key: every object has ${quoted(name)}`)
    return null
  }
  return checkCharacters(name, path, line, notes) ? name : null
}

function convertScalar(node: unknown, path: string, line: number, notes: Notes): ScalarTree {
  const value = isScalar(node) ? node.value : null
  const source = isScalar(node) ? node.source : undefined
  if (typeof value === 'string') {
    // Escapes in quotes can spell characters that the file itself does not hold.
    checkCharacters(value, path, line, notes)
    return { kind: 'scalar', line, value, text: value }
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      notes.add('yaml.number', path, line, `expected a number that can be held exactly, found ${quoted(source ?? String(value))}`)
    }
    return { kind: 'scalar', line, value, text: source ?? String(value) }
  }
  if (typeof value === 'boolean') return { kind: 'scalar', line, value, text: source ?? String(value) }
  return { kind: 'scalar', line, value: null, text: '' }
}
