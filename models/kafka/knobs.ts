/** Every setting of this column: the source applications' producers, brokers and topic. */
import type { Knob } from '../../src/contract/knob.ts'
import { brokerKnobs, producerKnobs } from '../parts/kafka/index.ts'

export const knobs: readonly Knob[] = [
  {
    key: 'source.partition', type: { kind: 'choice', options: ['key', 'explicit'] }, default: 'key', unit: '',
    help: 'Who chooses the partition: the producer by the hash of the key, or the application by the number of the key, evenly.',
    source: 'ours: the two ways to make a ProducerRecord', group: 'source producer', live: false,
  },
  ...producerKnobs('', 'source producer'),
  ...brokerKnobs,
]
