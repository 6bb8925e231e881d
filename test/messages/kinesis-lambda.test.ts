/** Each message of kinesis-lambda, silenced: a promise breaks. See kit.ts. */
import { describe, vi } from 'vitest'
import recipe from '../../models/kinesis-lambda/index.ts'
import { exceptions, plays, showsIn } from './kinesis-lambda-plays.ts'
import type { Sim, Unit } from '../../src/kernel/index.ts'
import type { Silence } from './kit.ts'
import { messageTests } from './suite.ts'

const silence = vi.hoisted<Silence>(() => ({ name: '', empty: [] }))

vi.mock(import('../../src/kernel/event.ts'), async (importOriginal) => {
  const real = await importOriginal()
  return {
    ...real,
    eventKind: <U extends Unit, P>(name: string, handler: (sim: Sim, unit: U, payload: P) => void) => {
      if (/=>\s*\{\s*\}$/.test(handler.toString().trim())) silence.empty.push(name)
      return real.eventKind<U, P>(name, (sim, unit, payload) => {
        if (silence.name !== name) handler(sim, unit, payload)
      })
    },
  }
})

describe('kinesis-lambda', () => {
  messageTests(recipe, { plays, showsIn, exceptions }, silence)
})
