/** What a file says that can be run again: a RunSpec, or a Report with the digest that it had. */
import { fail, ok, placed, type Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { shapeOfSpec } from './spec-shape.ts'

/** `digest` is null for a bare RunSpec. */
export function replayOf(text: string): Result<{ spec: RunSpec; digest: string | null }> {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return fail('replay.json', 'expected a RunSpec or a Report as JSON, found text that is none')
  }
  if (typeof data === 'object' && data !== null && 'spec' in data && 'runs' in data) {
    const spec = placed(shapeOfSpec(data.spec), 'spec')
    const digest = 'digest' in data && typeof data.digest === 'string' ? data.digest : null
    return spec.ok ? ok({ spec: spec.value, digest }) : spec
  }
  const spec = shapeOfSpec(data)
  return spec.ok ? ok({ spec: spec.value, digest: null }) : spec
}
