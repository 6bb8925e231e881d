/** What the null pipeline says of itself: facts for the story, causes for the ledger. */
import { causeCode } from '../../src/contract/cause.ts'
import { factCode } from '../../src/kernel/index.ts'

export const clientRetried = factCode('null.client-retried', 2, '{who} sends {records} records again', ['records'])
export const clientGaveUp = factCode('null.client-gave-up', 1, '{who} gives up {records} records', ['records'])
export const readerAttached = factCode('null.reader-attached', 2, 'The sink reads from {who}; {records} records wait', ['records'])
export const readerLost = factCode('null.failure-detected', 1, '{who} lost its reader; {records} records will be delivered again', ['records'])
export const written = factCode('null.written', 3, '{who} wrote {records} records', ['records'])

const ours = 'ours: the smallest pipeline'
export const bufferFull = causeCode('null.buffer-full', "The client's buffer was full", ours)
export const clientDied = causeCode('null.client-died', 'In the memory of the client when its application died', ours)
export const gaveUp = causeCode('null.delivery-timeout', 'The client stopped waiting for the queue', ours)
export const wireLost = causeCode('null.wire-lost', 'Sent without waiting for an answer, to a queue that had died', ours)
export const queueDied = causeCode('null.queue-died', 'In the memory of the queue when it died, not yet on its disk', ours)
export const diskLost = causeCode('null.disk-lost', "On the queue's disk when that was lost", ours)
export const sinkDied = causeCode('null.sink-died', 'In the memory of the sink when it died, delivered but not written', ours)
export const poisoned = causeCode('null.poison', 'It cannot be read; the sink put it aside', ours)
export const clientResend = causeCode('null.client-resend', 'The client heard nothing and sent it again', ours)
export const redelivery = causeCode('null.redelivery', 'The queue heard no acknowledgement and delivered it again', ours)
