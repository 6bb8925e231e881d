/**
 * What each figure of the page is: its definition, who is counted, where it comes from, and how far it can be
 * believed. One entry a figure, shown by <sim-what>.
 */

export interface FigureText {
  readonly name: string
  /** What is measured, and between which two moments. */
  readonly definition: string
  /** Which records or things are in it, and which are not. */
  readonly population: string
  /** What observes it. */
  readonly source: string
  /** What of it follows from modelled protocol and what is assumed. */
  readonly fidelity: string
}

const ledger = 'The ledger outside of the architecture: births, the client library\'s answers, and what a reader can read. No counter of the model itself.'
const stage = 'The state of the modelled product at this frame, ten times a simulated second.'
const protocol = 'Follows from the modelled protocols. Service times that no document gives are assumed, and marked so in Knobs.'
const exact = 'Exact: every record is told apart, none is sampled or estimated.'
const modelled = 'Modelled message by message; nothing is drawn that no message did.'

export const figures = {
  'visible-latency': {
    name: 'Visible latency',
    definition: 'From the birth of a record in its source to the instant at which a reader of the wanted isolation could return its result. p99: all but the slowest hundredth were faster.',
    population: 'Records that became visible in the last simulated second. Blank while nothing did: unknown is not zero.',
    source: ledger, fidelity: protocol,
  },
  'processed-latency': {
    name: 'Processed latency',
    definition: 'From birth to the hand-over of the result to the sink. Under exactly-once the reader waits longer, for the commit.',
    population: 'Records processed in the last simulated second.',
    source: ledger, fidelity: protocol,
  },
  'verdict-latency': {
    name: 'Latency against its limit',
    definition: 'The quantile that the scenario names, of the visible latency over the whole run so far.',
    population: 'All records born after the warm-up, outages included. What is lost, refused or still pending counts as longer than any limit, hence "≥".',
    source: ledger, fidelity: protocol,
  },
  'verdict-throughput': {
    name: 'Throughput against its limit',
    definition: 'The rate that became visible. Met when at least 99 % of what was offered became visible in each window outside faults, and 99.9 % settled.',
    population: 'All records born after the warm-up. Refused work stays in the denominator.',
    source: ledger, fidelity: protocol,
  },
  'verdict-lost': {
    name: 'Loss against its limit',
    definition: 'Records that no part of the architecture holds any more and that nobody can read, and those that were visible and are gone.',
    population: 'Every record offered, warm-up included. Pending is not lost, and neither is what its sender was told was refused.',
    source: `${ledger} A record counts as lost only when no copy is left that a protocol would still deliver.`, fidelity: exact,
  },
  'verdict-duplicated': {
    name: 'Exactly once',
    definition: 'Records with more than one effect at the sink, plus those that are missing there.',
    population: 'Every record offered, warm-up included, in the view that the scenario names.',
    source: ledger, fidelity: exact,
  },
  declared: {
    name: 'A declared property',
    definition: 'Nothing in a run can measure this: the architecture states it about itself.',
    population: 'None.',
    source: 'The recipe of the architecture.', fidelity: 'Not simulated.',
  },
  throughput: {
    name: 'Throughput',
    definition: 'Results that became visible a second. The thin line is what the sources offered.',
    population: 'Every record of the last simulated second; a burst after an outage is what was held back.',
    source: ledger, fidelity: protocol,
  },
  offered: {
    name: 'Offered',
    definition: 'Records born in the sources, whether or not a client library took them.',
    population: 'All sources. The same records, at the same instants, in every column.',
    source: 'The births, drawn from the seed by the arrival process of the scenario.', fidelity: exact,
  },
  refused: {
    name: 'Refused',
    definition: 'Records whose client library told the application that it gave up, and which no reader can see.',
    population: 'Every record offered. Refused is known to the sender, so it is not loss.',
    source: ledger, fidelity: exact,
  },
  'out-of-order': {
    name: 'Out of order',
    definition: 'Records that became visible after a later one of the same key.',
    population: 'Every record offered; each counts once, in the view that the scenario names.',
    source: ledger, fidelity: exact,
  },
  'dead-lettered': {
    name: 'Put aside',
    definition: 'Records that a mechanism gave up on purpose and handed to a failure destination, or noted as such.',
    population: 'Every record offered. Put aside is neither lost nor pending.',
    source: ledger, fidelity: exact,
  },
  answered: {
    name: 'Answered',
    definition: 'Records whose application was told by its client library that they are stored.',
    population: 'Every record offered. With acks=0 there is no answer.',
    source: ledger, fidelity: exact,
  },
  lag: {
    name: 'Lag',
    definition: 'The age of the oldest record that is readable in the input log and that processing has not yet read.',
    population: 'All partitions or shards; the worst one counts.',
    source: stage, fidelity: protocol,
  },
  'lag-records': {
    name: 'Lag in records',
    definition: 'Records that are readable in the input log and not yet read by processing.',
    population: 'All partitions or shards together. After a failure the reader stands at its last checkpoint or batch, so what it read since counts again.',
    source: stage, fidelity: exact,
  },
  drain: {
    name: 'Time to drain',
    definition: 'How long the backlog would last at the rate by which it shrank over the last second.',
    population: 'Unknown while the backlog does not shrink.',
    source: 'Lag in records at two frames.', fidelity: 'A projection, the only one on this page.',
  },
  duplicates: {
    name: 'Duplicates',
    definition: 'Effects at the sink beyond the first of the same record.',
    population: 'Every record offered. A record with three effects has two duplicates. A repeat that overwrote the same row is a rewrite, not a duplicate.',
    source: `${ledger} Each is booked to the cause that a mechanism stated for the copy.`, fidelity: exact,
  },
  duplicated: {
    name: 'Duplicated',
    definition: 'Records with more than one effect at the sink.',
    population: 'Every record offered; each counts once, however often it was repeated.',
    source: ledger, fidelity: exact,
  },
  lost: {
    name: 'Lost',
    definition: 'Records that no part of the architecture holds any more and that nobody can read, though their sender was not told so.',
    population: 'Every record offered. Never taken back once said.',
    source: `${ledger} Each is booked to the last mechanism that dropped a copy.`, fidelity: exact,
  },
  'lost-acknowledged': {
    name: 'Lost although acknowledged',
    definition: 'Lost records whose application had been told that they are stored.',
    population: 'Part of lost. With acks=0, everything handed over counts as acknowledged.',
    source: ledger, fidelity: exact,
  },
  unsettled: {
    name: 'Unsettled',
    definition: 'Records that are not visible and that the architecture still holds, or that have not been judged yet.',
    population: 'Every record offered so far that is neither visible, nor lost, nor refused.',
    source: ledger, fidelity: exact,
  },
  visible: {
    name: 'Visible',
    definition: 'Records whose result a reader of the wanted isolation can read.',
    population: 'Every record offered; each counts once.',
    source: ledger, fidelity: exact,
  },
  waiting: {
    name: 'Waiting to be visible',
    definition: 'Records offered and not yet readable: in a client, in the log, in processing, or written in a transaction that is not committed.',
    population: 'Every record offered so far.',
    source: ledger, fidelity: exact,
  },
  outage: {
    name: 'Outage',
    definition: 'A stretch in which nothing born since the fault became visible for longer than two commit or poll intervals, while records waited.',
    population: 'The whole column: a commit of old work does not end it.',
    source: ledger, fidelity: protocol,
  },
  lane: {
    name: 'A partition or shard',
    definition: 'The log by time of append, the newest at the right. Coloured: readable and not yet read. Soft: read, and to be read again after a failure.',
    population: 'One partition or shard. The tick is the high watermark, the triangle the reader.',
    source: stage, fidelity: modelled,
  },
  checkpoint: {
    name: 'Checkpoint',
    definition: 'From the trigger to the moment at which every task has answered and the result is stored.',
    population: 'The last twenty, in order; a cross was aborted.',
    source: stage, fidelity: `${modelled} The store's bandwidth is assumed.`,
  },
  'open-transaction': {
    name: 'Oldest open transaction',
    definition: 'The age of the oldest transaction that is neither committed nor aborted. It holds the last stable offset, so a read_committed reader sees nothing behind it.',
    population: 'All partitions of the output.',
    source: stage, fidelity: modelled,
  },
  busy: {
    name: 'Idle, busy, backpressured',
    definition: 'Shares of the last tenth of a second in which the task waited for input, worked, or could not hand on its output.',
    population: 'One task slot; the three shares add up to one.',
    source: stage, fidelity: `${modelled} The time that one record costs is set by the scenario or assumed.`,
  },
  concurrency: {
    name: 'Concurrency',
    definition: 'Environments that are executing an invocation now, against the limit of the function.',
    population: 'All environments of the function.',
    source: stage, fidelity: `${modelled} Start-up times are taken from published measurements.`,
  },
  poller: {
    name: 'A poller of the event source mapping',
    definition: 'How full the next batch of this shard is, and how often the current one was handed over again.',
    population: 'One shard.',
    source: stage, fidelity: modelled,
  },
  dots: {
    name: 'Dots',
    definition: 'Traffic between two rows. Below 50 records a second a dot is one record; above, one dot stands for as many as it says.',
    population: 'What crossed the gutter in this frame. Hollow: sent again. Cross: refused.',
    source: stage, fidelity: 'The number of dots is right, their way across the gutter is drawn.',
  },
  waterfall: {
    name: 'Where the time went',
    definition: 'The visible latency cut at the instants at which a record was taken over by the next hop.',
    population: 'The one record that is followed.',
    source: 'A second run of the same spec that notes what happens to this record.', fidelity: protocol,
  },
  digest: {
    name: 'Digest',
    definition: 'A number over every event of the run. The same link gives the same digest in every browser.',
    population: 'One column up to what has been simulated.',
    source: 'The kernel.', fidelity: exact,
  },
} as const satisfies Readonly<Record<string, FigureText>>

/** Every figure that <sim-what> can explain. */
export type FigureId = keyof typeof figures
