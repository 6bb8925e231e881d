/** What can be set against each cause in this column. */
import { atLeast, atMost, type Remedies } from '../../src/contract/remedy.ts'
import { kafkaRemedies } from '../parts/kafka/index.ts'
import { sourceRemedies } from '../parts/source/index.ts'

export const remedies: Remedies = {
  ...sourceRemedies,
  ...kafkaRemedies,
  'late.calm': { settings: [
    atMost('linger.ms', '5', 'A batch that is not full waits for this long for more records.'),
    atMost('replica.fetch.wait.max.ms', '100', 'A follower with nothing to fetch asks again after this; with traffic it is answered at once.'),
  ] },
  'late.outage': { settings: [
    atMost('broker.session.timeout.ms', '6000', 'A broker that is silent is fenced after this, and its partitions get other leaders.'),
    atMost('request.timeout.ms', '5000', 'A producer gives up a request without an answer after this and asks who leads now.'),
  ] },
  'late.behind': { settings: [
    atLeast('batch.size', '128KiB', 'Larger batches cost a broker less per record.'),
    atLeast('num.io.threads', '16', 'More requests are served at once.'),
  ] },
}
