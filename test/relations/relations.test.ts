/** Every relation on a few plans; the long tier takes fifty and more. */
import { describe, expect, test } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import { relations } from './relations.ts'

describe.each([kafkaFlink, kinesisLambda])('$id', (recipe) => {
  test.each(relations.map((relation) => [relation.name, relation] as const))('%s', { timeout: 60_000 }, async (_name, { check }) => {
    const wrong: string[] = []
    for (let number = 1; number <= 3; number++) for (const problem of await check(recipe, number)) wrong.push(`${number}: ${problem}`)
    expect(wrong).toEqual([])
  })
})
