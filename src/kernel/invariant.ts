/** Thrown when a rule of our own is broken: a bug in Faultline, never an outcome of a simulated system. */
export class InvariantError extends Error {
  readonly code: string
  readonly detail: string

  constructor(code: string, detail: string) {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'InvariantError'
    this.code = code
    this.detail = detail
  }
}

/**
 * Ends the run when `condition` does not hold. `code` names the rule in kebab case; `detail` may be
 * a function, so that hot callers build no text unless the rule is broken.
 */
export function invariant(
  condition: boolean,
  code: string,
  detail?: string | (() => string),
): asserts condition {
  if (!condition) fail(code, detail)
}

// Kept apart so that invariant() stays small enough to be inlined everywhere.
function fail(code: string, detail: string | (() => string) | undefined): never {
  throw new InvariantError(code, typeof detail === 'function' ? detail() : detail ?? '')
}
