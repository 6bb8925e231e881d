/** Ten thousand hostile inputs for each reader: about two minutes. */
import { expect, test } from 'vitest'
import { misbehaviours, readers } from '../hostile/generated.ts'

test.each(readers.map((reader) => [reader.name, reader] as const))('%s', { timeout: 600_000 }, async (name, reader) => {
  const { wrong, refused, slowest } = await misbehaviours(reader, 'long', 10_000)
  console.log(`${name}: ${refused} of 10 000 refused, slowest ${slowest.toFixed(1)} ms`)
  expect(wrong.slice(0, 20)).toEqual([])
})
