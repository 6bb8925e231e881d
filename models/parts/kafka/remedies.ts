/**
 * Models: nothing; which of Kafka's settings prevents or shortens what its mechanisms state as causes.
 * Source: Kafka 4.2 `ProducerConfig`, `TopicConfig`, `TransactionStateManagerConfig`; KIP-966.
 * Leaves out: the number of replicas, which belongs to the scenario's sizing.
 */
import { atLeast, atMost, each, set, type Remedies } from '../../../src/contract/remedy.ts'

const acksAll = set('acks', 'all', 'The acknowledgement then waits for every in-sync replica, so that whoever becomes leader has the record.')
const twoReplicas = atLeast('min.insync.replicas', '2', 'With acks=all a write is refused, not lost, while fewer than two replicas are in sync.')

/** Against the causes of brokers and of the plain producers at the source. */
export const kafkaRemedies: Remedies = {
  'kafka.leader-changed-truncation': { settings: [acksAll, twoReplicas] },
  ...each(['kafka.unclean-election', 'kafka.offset-reused'], { settings: [
    set('unclean.leader.election.enable', 'false', 'The partition then stays without a leader until a replica is back that has everything acknowledged.'),
    twoReplicas,
  ] }),
  'kafka.unflushed-tail': { settings: [
    atMost('host.dirty.expire', '5s', 'The operating system then writes its page cache to disk sooner; Kafka itself relies on replicas, not on flushes.'),
    twoReplicas,
  ] },
  'kafka.disk-lost': { settings: [atLeast('min.insync.replicas', '2', 'With acks=all an acknowledged record then lies on at least two disks.'), acksAll] },
  ...each(['kafka.acks0-lost', 'kafka.acks0-refused', 'kafka.acks0-crashed'], { settings: [
    set('acks', 'all', 'The producer then hears what became of each batch, and sends again what did not arrive.'),
    set('acks', '1', 'The producer then at least hears from the leader; a leader that dies next still takes records with it.'),
  ] }),
  'kafka.producer-retry': { settings: [
    set('enable.idempotence', 'true', 'Brokers then know a batch by producer id and sequence, and append a resend only once.'),
    atLeast('request.timeout.ms', '30000', 'An answer that is merely late is then not taken for none.'),
  ] },
  'kafka.producer-memory': { settings: [
    atMost('linger.ms', '0', 'Records then wait less in the memory that dies with the process. What is on its way is still lost with it.'),
  ] },
  'kafka.delivery-timeout': { settings: [
    atLeast('delivery.timeout.ms', '300000', 'The producer then keeps a record for longer than an election or a restart takes.'),
  ] },
  'kafka.buffer-exhausted': { settings: [
    atLeast('buffer.memory', '256MiB', 'There is then room for what arrives while brokers do not take it.'),
    atLeast('max.block.ms', '300000', 'A send then waits for room instead of refusing the record.'),
  ] },
  'kafka.produce-rejected': { settings: [
    atLeast('delivery.timeout.ms', '300000', 'What is refused because too few replicas are in sync is then tried for longer.'),
    atLeast('retries', '2147483647', 'Only the delivery time-out then ends the tries.'),
  ] },
  ...each(['kafka.transaction-aborted', 'kafka.producer-aborted'], { nothing: 'The producers here write no transactions, so none can be aborted.' }),
  'client.refused': { settings: [
    atLeast('delivery.timeout.ms', '300000', 'The client library then keeps trying for longer than the brokers are away.'),
    atLeast('buffer.memory', '256MiB', 'More fits into its memory while they are.'),
  ] },
  'ledger.overtaken': { settings: [
    set('enable.idempotence', 'true', 'Brokers then refuse a batch that comes before the one in front of it.'),
    atMost('max.in.flight.requests.per.connection', '1', 'Without idempotence, a resend can otherwise land behind its successor.'),
  ] },
}
