/**
 * Share links: a RunSpec as JSON, deflated raw, in base64url, for the fragment of an address. Works in Node
 * and in browsers. A link is input from strangers: it is bounded before it is decoded, while it is inflated
 * and after it is parsed, and everything wrong with it comes back as issues.
 */
import { fail, failAll, type Issue, type Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { shapeOfSpec } from '../run/spec-shape.ts'

/** Longest fragment that is looked at, characters. */
export const linkCharactersMax = 65_536
/** Most bytes that a link may inflate to. */
export const linkBytesMax = 262_144
/** Deepest nesting of objects and lists. */
export const linkDepthMax = 8
/** The sign of this form, in front of the data. */
const mark = 'run1.'

/** Checks a value of unknown shape as a RunSpec. */
export type SpecCheck = (value: unknown) => Result<RunSpec>

/** The shape of a RunSpec with faults as texts; what the values mean is checked where the run is built. */
export function linkedSpec(value: unknown): Result<RunSpec> {
  const shaped = shapeOfSpec(value)
  if (!shaped.ok) return shaped
  const issues: Issue[] = []
  const wrong = (path: string, message: string): void => {
    issues.push({ code: 'spec.shape', path, line: null, message })
  }
  // The type promises texts; the value comes from outside.
  const faults: readonly unknown[] = shaped.value.faults
  faults.forEach((fault, i) => {
    if (typeof fault !== 'string') wrong(`faults[${i}]`, 'expected a fault as text, such as "crash broker-1 at 30s"')
  })
  const changes: readonly unknown[] = shaped.value.changes
  changes.forEach((change, i) => {
    if (typeof change !== 'object' || change === null) wrong(`changes[${i}]`, 'expected an object with at, label, key and value')
  })
  return issues.length > 0 ? failAll(issues) : shaped
}

/** The fragment of a RunSpec, without '#'. */
export async function encodeLink(spec: RunSpec): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(spec))
  return mark + toBase64url(await through(bytes, new CompressionStream('deflate-raw'), Infinity))
}

/** Reads a fragment, with or without '#', or a whole address that has one. */
export async function decodeLink(link: string, check: SpecCheck = linkedSpec): Promise<Result<RunSpec>> {
  const hash = link.indexOf('#')
  const fragment = hash < 0 ? link.trim() : link.slice(hash + 1).trim()
  if (fragment.length > linkCharactersMax) {
    return fail('link.long', `expected a link of at most ${linkCharactersMax} characters, found ${fragment.length}`)
  }
  if (!fragment.startsWith(mark)) return fail('link.form', `expected a link whose fragment starts with "${mark}"`)
  const packed = fromBase64url(fragment.slice(mark.length))
  if (packed === null) return fail('link.letters', 'expected letters, digits, "-" and "_" only after the mark of the link')
  const text = await inflate(packed)
  if (!text.ok) return text
  return specOfText(text.value, check)
}

async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Result<string>> {
  try {
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), linkBytesMax)
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TooLong) return fail('link.bomb', `expected a link that unpacks to at most ${linkBytesMax} bytes, found more`)
    return fail('link.packed', 'expected packed text, found data that does not unpack: the link is cut or changed')
  }
}

/** A RunSpec from its JSON, as a stranger's as one in a link. */
export function specOfText(text: string, check: SpecCheck = linkedSpec): Result<RunSpec> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail('link.json', 'expected a RunSpec as JSON, found text that is none')
  }
  const issues = oddities(value)
  return issues.length > 0 ? failAll(issues) : check(value)
}

/** Names that reach into prototypes and nesting beyond any RunSpec, each with its place. */
function oddities(value: unknown): Issue[] {
  const issues: Issue[] = []
  const walk = (part: unknown, path: string, depth: number): void => {
    if (typeof part !== 'object' || part === null) return
    if (depth > linkDepthMax) {
      issues.push({ code: 'link.deep', path, line: null, message: `expected at most ${linkDepthMax} levels, found more` })
      return
    }
    for (const key of Object.keys(part)) {
      const place = path === '' ? key : `${path}.${key}`
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
        issues.push({ code: 'link.name', path: place, line: null, message: `expected names of a RunSpec, found "${key}"` })
      } else walk((part as Record<string, unknown>)[key], place, depth + 1)
    }
  }
  walk(value, '', 1)
  return issues
}

class TooLong extends Error {}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = transform.writable.getWriter()
  // Both ends fail together; the reader's failure is the one that is told.
  const written = writer.write(bytes).then(() => writer.close()).catch(() => undefined)
  const reader = transform.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > bytesMax) {
      await reader.cancel().catch(() => undefined)
      throw new TooLong()
    }
    parts.push(value)
  }
  await written
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function toBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = new Uint8Array(binary.length)
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
    return bytes
  } catch {
    return null
  }
}
