/** Random fault plans for Kafka and Flink; about 40 s. */
import { describe } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import { swarmTests } from './swarm-suite.ts'

describe('kafka-flink', () => {
  swarmTests(recipe, 200, {
    kinds: 12,
    lost: ['lost kafka.acks0-lost', 'lost kafka.producer-memory', 'lost source.down'],
    duplicate: ['duplicate flink.restore-replay', 'duplicate kafka.producer-retry'],
  })
})
