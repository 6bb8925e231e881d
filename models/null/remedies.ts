/** What can be set against each cause in this column. */
import { atLeast, atMost, each, set, type Remedies } from '../../src/contract/remedy.ts'
import { sourceRemedies } from '../parts/source/index.ts'

export const remedies: Remedies = {
  ...sourceRemedies,
  ...each(['null.buffer-full', 'client.refused'], { settings: [
    atLeast('source.buffer-records', '1000000', 'More fits into the client while the queue is away.'),
    atLeast('source.delivery-timeout', '10m', 'The client then tries for longer than the queue is away.'),
  ] }),
  'null.client-died': { settings: [atMost('source.linger', '0ms', 'Records then wait less in the memory that dies with the application.')] },
  'null.delivery-timeout': { settings: [atLeast('source.delivery-timeout', '10m', 'The client then tries for longer than the queue is away.')] },
  ...each(['null.wire-lost', 'null.queue-died'], { settings: [
    set('source.acks', 'stored', 'The client then sends again what the queue has not stored.'),
  ] }),
  'null.disk-lost': { nothing: 'Nothing here: the queue has one disk and no replica.' },
  'null.sink-died': { settings: [set('sink.acks', 'after-write', 'The queue then delivers again what was not written.')] },
  'null.poison': { nothing: 'Nothing: a record that cannot be read stays one.' },
  'null.client-resend': { settings: [
    atLeast('source.request-timeout', '10s', 'An answer that is merely late is then not taken for none. After a failure the repeat remains.'),
  ] },
  'null.redelivery': { settings: [
    atLeast('sink.session-timeout', '30s', 'A sink that stood still for a while then goes on with its connection, instead of getting everything again.'),
    atLeast('queue.ack-timeout', '30s', 'An acknowledgement that is merely late is then not taken for none. After a failure the repeat remains.'),
    set('sink.acks', 'before-write', 'A batch that is acknowledged when it comes is never delivered twice. What the sink then loses stays lost.'),
  ] },
  'ledger.overtaken': { settings: [atMost('queue.window', '1', 'With one batch on the way none can pass another.')] },
  'late.calm': { settings: [atMost('source.linger', '0ms', 'A batch that is not full waits for this long for more records.')] },
  'late.outage': { settings: [
    atMost('source.request-timeout', '1s', 'The client connects anew after this.'),
    atMost('sink.session-timeout', '1s', 'The sink connects anew after this.'),
  ] },
  'late.behind': { settings: [atMost('sink.work', '10us', 'The sink gets through a record faster.')] },
}
