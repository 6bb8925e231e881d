/**
 * Models: nothing; what can be set against what a source application itself loses or repeats.
 * Source: ours, `upstream` of the scenario's workload.
 * Leaves out: applications that keep an outbox of their own.
 */
import type { Remedies } from '../../../src/contract/remedy.ts'

const noJournal = 'Nothing that a product could set: the scenario says that nothing upstream keeps the records (workload, upstream: once). With upstream: journal the source reads them again.'

export const sourceRemedies: Remedies = {
  'source.down': { nothing: noJournal },
  'source.died': { nothing: noJournal },
  'source.journal-replay': { nothing: 'No setting of a client tells a record that the application hands over again from a new one. Only a sink that writes by the record\'s own id does.' },
}
