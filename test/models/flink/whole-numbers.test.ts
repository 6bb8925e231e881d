/**
 * Whole numbers stay small integers for the engine. One floating-point number that comes into a field or list (read from
 * a Float64Array, kept beside a time) turns all of that class to floating point, boxed, and goes on with each copy: a
 * restart that read closed segments once did that to every log, position and slice after it. The engine itself is asked.
 */
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import { Column } from '../../../src/run/column.ts'
import { planOf } from './column-kit.ts'

setFlagsFromString('--allow-natives-syntax')
const isSmall = runInThisContext('(value) => %IsSmi(value)') as (value: unknown) => boolean
const isSmallList = runInThisContext('(list) => %HasSmiElements(list)') as (list: unknown) => boolean

/** What every batch goes through; of these, times and nothing else may be floating point. */
const checked = new Set([
  'Batch', 'QueuedBatch', 'PartitionQueue', 'Log', 'Segment', 'Replica', 'Watch', 'ProducerEntry', 'PartitionPosition', 'PartitionView',
  'FetchRequest', 'FollowerFetchRequest', 'FetchedPartition', 'SourceChunk', 'NetworkBuffer', 'Committable',
])
const isTime = /At$|^notBefore$|^answeredEnd$/

/** Class and field of whole numbers that the engine keeps as floating point, under a root. */
function boxed(root: object): string[] {
  const found = new Set<string>()
  const seen = new Set<object>([root])
  const todo: object[] = [root]
  for (let from = todo.pop(); from !== undefined; from = todo.pop()) {
    const name = from.constructor.name
    for (const [field, value] of Object.entries(from) as [string, unknown][]) {
      const isList = Array.isArray(value) && value.length > 0 && typeof value[0] === 'number' && !Object.isFrozen(value)
      if (checked.has(name) && !isTime.test(field)) {
        if (typeof value === 'number' && Number.isInteger(value) && !isSmall(value)) found.add(`${name}.${field}`)
        if (isList && !isSmallList(value)) found.add(`${name}.${field}[]`)
      }
      if (typeof value !== 'object' || value === null || isList || ArrayBuffer.isView(value) || seen.has(value)) continue
      seen.add(value)
      todo.push(value)
    }
  }
  return [...found].sort()
}

test('a job that restarts and reads closed segments leaves no whole number floating', () => {
  const column = new Column(planOf({
    rate: 4000, duration: 20, strict: false, faults: ['crash processor-1 at 4s'],
    sizing: { partitions: 2, parallelism: 2, taskManagers: 2, slotsPerTaskManager: 2 },
  }))
  column.advance(3.9e9, 1e9)
  expect(boxed(column.state.plant)).toEqual([])
  column.advance(16e9, 1e9)
  expect(boxed(column.state.plant)).toEqual([])
})
