/** What can be set against each cause in this column. */
import { atLeast, set, type Remedies } from '../../src/contract/remedy.ts'
import { flinkRemedies } from '../parts/flink/index.ts'
import { kafkaRemedies } from '../parts/kafka/index.ts'
import { sourceRemedies } from '../parts/source/index.ts'

export const remedies: Remedies = {
  ...sourceRemedies,
  ...kafkaRemedies,
  ...flinkRemedies,
  // Two producers on the way: the source's, and the one in the sink.
  'kafka.producer-retry': { settings: [
    set('enable.idempotence', 'true', 'Brokers then know a batch of the source by producer id and sequence, and append a resend only once.'),
    set('sink.properties.enable.idempotence', 'true', 'The same for the job\'s own writes.'),
    atLeast('request.timeout.ms', '30000', 'An answer that is merely late is then not taken for none.'),
  ] },
}
