/** More random fault plans than the quick tests have time for: about ten minutes. */
import { expect, it } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import { runSwarm, swarmPlan } from '../run/swarm.ts'
import { textOf } from '../run/swarm-suite.ts'

it.each([kafkaFlink, kinesisLambda])('$id keeps its promises under 1000 more plans', { timeout: 1_800_000 }, (recipe) => {
  const failed: string[] = []
  for (let seed = 201; seed <= 1200; seed++) {
    const outcome = runSwarm(recipe, swarmPlan(recipe, seed))
    if (outcome.problems.length > 0) failed.push(`${seed}: ${outcome.problems.join('; ')} | ${textOf(outcome)}`)
  }
  expect(failed).toEqual([])
})
