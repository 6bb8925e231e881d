/** Random fault plans for Kinesis, Lambda and DynamoDB; about 15 s. */
import { describe } from 'vitest'
import recipe from '../../models/kinesis-lambda/index.ts'
import { swarmTests } from './swarm-suite.ts'

describe('kinesis-lambda', () => {
  swarmTests(recipe, 200, {
    kinds: 12,
    lost: ['lost kinesis.producer-died', 'lost lambda.batch-discarded', 'lost source.down'],
    duplicate: ['duplicate kinesis.put-retry', 'duplicate lambda.batch-retry', 'duplicate lambda.batch-bisected'],
  })
})
