/** Every relation on sixty plans of each architecture: about five minutes. */
import { describe, expect, test } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import { relations } from '../relations/relations.ts'

describe.each([kafkaFlink, kinesisLambda])('$id', (recipe) => {
  test.each(relations.map((relation) => [relation.name, relation] as const))('%s', { timeout: 900_000 }, async (_name, { check }) => {
    const wrong: string[] = []
    for (let number = 4; number <= 63; number++) for (const problem of await check(recipe, number)) wrong.push(`${number}: ${problem}`)
    expect(wrong).toEqual([])
  })
})
