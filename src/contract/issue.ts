/** Wrong input as data: what, where, what was expected and what was found. Nothing here throws. */

/** `path` is the place inside the input ("simulation.duration"), `line` counts from 1, null if unknown. */
export interface Issue {
  readonly code: string
  readonly path: string
  readonly line: number | null
  readonly message: string
}

/** A value, or every issue that was found. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** A result that holds a value. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** A result that holds one issue without a place; `placed` gives it one. */
export function fail(code: string, message: string, path = '', line: number | null = null): Result<never> {
  return { ok: false, issues: [{ code, path, line, message }] }
}

/** A result that holds several issues. */
export function failAll(issues: readonly Issue[]): Result<never> {
  return { ok: false, issues }
}

/** The same result with its issues moved below `path`, and given `line` where they have none. */
export function placed<T>(result: Result<T>, path: string, line: number | null = null): Result<T> {
  if (result.ok) return result
  return failAll(result.issues.map((issue) => ({
    code: issue.code,
    path: joinPath(path, issue.path),
    line: issue.line ?? line,
    message: issue.message,
  })))
}

/** Input text as it may stand in a message: quoted, on one line, cut after 60 characters. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return `"${line.length > quotedMax ? `${line.slice(0, quotedMax)}…` : line}"`
}

const quotedMax = 60

function joinPath(outer: string, inner: string): string {
  if (outer === '' || inner === '') return outer + inner
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`
}
