/** Rules on one file's text that neither the compiler nor the linter can hold. */
import { posix } from 'node:path'
import { parseSync } from 'vite'
import { importFault } from './imports.ts'

/** A file of the project: path from the root, with `/`. */
export type Source = { readonly path: string; readonly text: string }

const linesMax = 300
const core = /^(src\/(kernel|contract|measure|scenario|run|search)|models)\//
const shipped = /^(src|models|web)\//
const mechanism = /^models\/parts\/[^/]+\/(?!index\.ts$).+\.ts$/
const labels = ['Models:', 'Source:', 'Leaves out:']

/** Same bits in every engine: exact by specification, or constants. */
const mathAllowed = new Set([
  'sqrt', 'floor', 'ceil', 'trunc', 'round', 'abs', 'min', 'max', 'sign', 'imul', 'clz32', 'fround',
  'PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2',
])

/** Written in halves, so that this file passes its own rule. */
const unfinished = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`)
const focused = new RegExp('\\b(it|test|describe)\\.' + '(only|skip|todo)\\b')
const unchecked = new RegExp('@ts-' + '(ignore|nocheck)')

/** Every fault of the file as `path:line: message`, in the order of the rules. */
export function faultsOf(source: Source): string[] {
  const { path, text } = source
  const faults: string[] = []
  const at = (offset: number, message: string) => {
    faults.push(`${path}:${lineAt(text, offset)}: ${message}`)
  }

  for (const [pattern, message] of [
    [unfinished, 'unfinished work belongs into an issue'],
    [focused, 'a test that is skipped, or hides the others, proves nothing'],
    [unchecked, 'the type checker is not switched off'],
  ] as const) {
    const found = pattern.exec(text)
    if (found) at(found.index, message)
  }
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  if (shipped.test(path) && lines > linesMax) {
    at(text.length, `${lines} lines; a file does one thing in at most ${linesMax}`)
  }
  if (mechanism.test(path)) headerFaults(text, at)
  if (path.endsWith('.ts') && !path.endsWith('.d.ts')) codeFaults(source, at)
  return faults
}

type At = (offset: number, message: string) => void

/** The three labels stand in the first comment, each at the start of a line, in their order. */
function headerFaults(text: string, at: At): void {
  const header = /^\s*(?:\/\*[\s\S]*?\*\/|(?:[ \t]*\/\/.*\n)+)/.exec(text)?.[0] ?? ''
  let from = 0
  for (const label of labels) {
    const found = new RegExp(`^[ \\t]*(?:\\/\\*\\*?|\\*|\\/\\/)?[ \\t]*${label}[ \\t]*\\S`, 'm')
      .exec(header.slice(from))
    if (!found) {
      at(0, `a mechanism starts with the lines ${labels.join(' ')} in this order; no ${label}`)
      return
    }
    from += found.index + found[0].length
  }
}

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown }

function codeFaults({ path, text }: Source, at: At): void {
  const parsed = parseSync(path, text)
  // The compiler reports what cannot be parsed, and with better words.
  if (parsed.errors.length > 0) return
  const visit = core.test(path) ? coreFault : path.startsWith('web/') ? webFault : undefined
  walk(parsed.program as unknown as Node, (node, parent) => {
    const name = importedBy(node)
    if (name !== undefined) {
      const fault = specifierFault(path, name) ?? importFault(path, resolved(path, name))
      if (fault) at(node.start, fault)
    }
    const fault = visit?.(node, parent)
    if (fault) at(node.start, fault)
  })
}

/** The module's name in an import, a re-export, a dynamic import or an import type. */
function importedBy(node: Node): string | undefined {
  const isImport = /^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type)
    || node.type === 'ImportExpression' || node.type === 'TSImportType'
  const value = isImport ? (node['source'] as { value?: unknown } | null | undefined)?.value : undefined
  return typeof value === 'string' ? value : undefined
}

function specifierFault(path: string, name: string): string | undefined {
  if (name.startsWith('/')) return 'imports are relative'
  if (!name.startsWith('.') || /\.(ts|mjs|js|css|json|md|svg)(\?[\w&]+)?$/.test(name)) return undefined
  return `the import ${name} in ${path} has no file extension`
}

function resolved(path: string, name: string): string {
  if (!name.startsWith('.')) return name
  return posix.join(posix.dirname(path), name.replace(/\?.*$/, ''))
}

function coreFault(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'ForInStatement') return 'for...in has no order of our own: use arrays'
  if (node.type === 'ImportExpression') return 'the core loads nothing while it runs'
  const operator = node['operator']
  if (operator === '**' || operator === '**=') return 'engines differ in **: use kernel/math.ts'
  if (node.type !== 'Identifier' || node['name'] !== 'Math') return undefined
  if (parent?.type === 'MemberExpression' && parent['property'] === node && !parent['computed']) {
    return undefined
  }
  const property = parent?.type === 'MemberExpression' && parent['object'] === node
    && !parent['computed'] ? (parent['property'] as { name?: string }).name : undefined
  if (property !== undefined && mathAllowed.has(property)) return undefined
  return `Math.${property ?? '[...]'} is not on the list of what all engines do alike`
}

function webFault(node: Node): string | undefined {
  if (node.type === 'Identifier' && /^unsafe(HTML|SVG|CSS)$/.test(String(node['name']))) {
    return 'text from scenarios is text'
  }
  if (node.type === 'CallExpression') {
    const callee = node['callee'] as Node
    const name = (callee['property'] as { name?: string } | undefined)?.name
    if (callee.type === 'MemberExpression' && name === 'html') return 'no .html() of D3'
  }
  if (node.type !== 'TemplateElement') return undefined
  const raw = (node['value'] as { raw: string }).raw
  if (/\s(style|on[a-z]+)\s*=\s*["']?$|\s(style|on[a-z]+)="/.test(raw)) {
    return 'the page\'s policy blocks style="..." and on...="...": use a class or @event'
  }
  return undefined
}

/** Visits every node with its parent; iterative, so that depth costs nothing. */
function walk(root: Node, visit: (node: Node, parent: Node | undefined) => void): void {
  const pending: [Node, Node | undefined][] = [[root, undefined]]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, parent] = next
    visit(node, parent)
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof (child as Node).type === 'string') pending.push([child as Node, node])
      }
    }
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line += 1
  return line
}
