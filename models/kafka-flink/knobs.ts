/** Every setting of this column: source producers, brokers and topics, Flink's source, Flink, Flink's sink. */
import type { Knob } from '../../src/contract/knob.ts'
import { flinkKnobs } from '../parts/flink/index.ts'
import { brokerKnobs, consumerKnobs, flinkSinkDefaults, flinkSourceDefaults, producerKnobs } from '../parts/kafka/index.ts'

export const knobs: readonly Knob[] = [
  ...producerKnobs('', 'source producer'),
  ...brokerKnobs,
  ...consumerKnobs('source.properties.', 'Flink source', flinkSourceDefaults),
  ...flinkKnobs,
  ...producerKnobs('sink.properties.', 'Flink sink', flinkSinkDefaults),
]
