/** A few hundred hostile inputs for each reader; the long tier reads ten thousand. */
import { expect, test } from 'vitest'
import { misbehaviours, readers } from './generated.ts'

test.each(readers.map((reader) => [reader.name, reader] as const))('%s: refused in words and quickly, nothing thrown, nothing polluted', { timeout: 60_000 }, async (_name, reader) => {
  const { wrong, refused, slowest } = await misbehaviours(reader, 'quick', 250)
  expect(wrong.slice(0, 5)).toEqual([])
  if (reader.name !== 'pasted configurations') expect(refused).toBeGreaterThan(50)
  expect(slowest).toBeLessThan(50)
})
