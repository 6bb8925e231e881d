/** What a run is held to: conservation by a count of every record, and what its settings promise. */
import type { RunSpec } from '../../src/contract/spec.ts'
import { EXCEPTIONAL, LOST, ONCE, REFUSED, SIDE } from '../../src/measure/chunks.ts'
import type { Column } from '../../src/run/column.ts'

/** Every record has one end state or is unsettled, and the tallies agree with the records counted one by one. */
export function conservation(column: Column, problems: string[]): void {
  const { ledger, births } = column.state
  ledger.views.forEach((tally, view) => {
    if (tally.declaration.side) return
    let born = 0
    let seen = 0
    let lost = 0
    let refused = 0
    let aside = 0
    for (let lane = 0; lane < births.lanes; lane++) {
      const count = births.born(lane)
      born += count
      for (let index = 0; index < count; index++) {
        const state = ledger.stateOf(view, lane, index)
        if (state === ONCE || state === EXCEPTIONAL) seen++
        else if (state === LOST) lost++
        else if (state === REFUSED) refused++
        else if ((ledger.answerOf(lane, index) & SIDE) !== 0) aside++
      }
    }
    const says = `${tally.delivered}+${tally.retracted} ${tally.lost} ${tally.refused} ${tally.settled} of ${born}`
    const isKept = tally.delivered + tally.retracted === seen && tally.lost === lost && tally.refused === refused
      && tally.settled === seen + lost + refused + aside && tally.settled + ledger.unsettled(view) === born
    if (!isKept) problems.push(`conservation: ${tally.declaration.reader} says ${says}, counted ${seen} ${lost} ${refused} ${aside} at ${column.now / 1e9} s`)
  })
}

/** Limbo, unexplained effects, liveness, and each line of causes against the guarantee. */
export function promises(id: string, spec: RunSpec, column: Column, problems: string[]): void {
  const { ledger, limbo, limboExamples } = column.state
  if (limbo > 0) problems.push(`limbo: ${limbo} records neither held nor dropped, ${limboExamples.join(' ')}`)
  for (const [view, tally] of ledger.views.entries()) {
    if (tally.declaration.side) continue
    const { reader, primary } = tally.declaration
    if (tally.unexplained > 0) problems.push(`unexplained: ${tally.unexplained} in ${reader}`)
    // All faults have healed by the end of births, and the quiet time has passed since.
    // A transaction whose coordinator lost its state hangs for good, and readers of committed records with it.
    const hangs = id === 'kafka-flink' && primary && isResidue(column)
    if (ledger.unsettled(view) > 0 && !hangs) problems.push(`liveness: ${ledger.unsettled(view)} still unsettled in ${reader}`)
    const may = id === 'kafka-flink' ? kafkaFlink(spec, column, primary) : kinesisLambda(spec, column)
    for (const line of [...tally.bookings.lines(), ...tally.retractedLines()]) {
      const allowed = line.kind === 'lost' || line.kind === 'retracted' ? may.lose : line.kind === 'duplicate' ? may.repeat : null
      if (allowed !== null && !allowed.some((code) => line.code === code || (code.endsWith('.') && line.code.startsWith(code)))) {
        problems.push(`guarantee: ${line.records} ${line.kind} by ${line.code} in ${reader}`)
      }
    }
  }
}

/** Causes that may destroy or repeat records here; a code that ends in a dot stands for all of that product. */
interface Allowed {
  readonly lose: readonly string[]
  readonly repeat: readonly string[]
}

/** What the faults did struck a source application's process. */
function sourceDied(column: Column): boolean {
  return column.state.inflicted.some((done) => /^(crash|power-loss|disk-loss)$/.test(done.fault.kind) && done.struck.startsWith('source-'))
}

/** Hosts of brokers that lost power or disk: what their disks held of the last half minute may be gone. */
function brokersDark(column: Column): number {
  const dark = new Set<string>()
  for (const { fault, struck } of column.state.inflicted) {
    if (!/^(power-loss|disk-loss|zone-outage)$/.test(fault.kind)) continue
    if (struck.startsWith('broker-')) dark.add(struck)
    const zone = /^zone-([abc])$/.exec(struck)
    if (zone !== null) dark.add(`broker-${'abc'.indexOf(zone[1] as string) + 1}`)
  }
  return dark.size
}

function hasFact(column: Column, code: string): boolean {
  return column.state.log.facts.some((fact) => fact.code.code === code)
}

/**
 * K5: every member of ISR and ELR ended uncleanly, so the last known leader was elected although its disk or its power
 * had been lost, whatever unclean.leader.election.enable says.
 */
function isResidue(column: Column): boolean {
  const ended = new Set<string>()
  for (const { fault, struck } of column.state.inflicted) {
    if (/^(crash|power-loss|disk-loss)$/.test(fault.kind) && struck.startsWith('broker-')) ended.add(struck)
    if (fault.kind === 'zone-outage' && struck.startsWith('zone-')) ended.add(`broker-${'abc'.indexOf(struck.slice(5)) + 1}`)
  }
  return ended.size >= 2 && brokersDark(column) >= 1 && hasFact(column, 'kafka.leader-unclean')
}

function kafkaFlink(spec: RunSpec, column: Column, isCommitted: boolean): Allowed {
  const settings = spec.architectures[0]?.settings ?? {}
  const guarantee = settings['sink.delivery-guarantee'] ?? 'exactly-once'
  const acks = settings['acks'] ?? 'all'
  const lose: string[] = []
  const repeat: string[] = []
  const isJournal = spec.workload?.['upstream'] === 'journal'
  if (sourceDied(column)) {
    // K12: an application that keeps nothing loses its memory; one that keeps a journal sends some of it twice.
    if (isJournal) repeat.push('source.journal-replay')
    else lose.push('source.down', 'source.died', 'kafka.producer-memory')
  }
  // K1, K2: acknowledged before the followers have it, or by nobody.
  if (acks !== 'all') lose.push('kafka.leader-changed-truncation')
  if (acks === '0') lose.push('kafka.acks0-lost', 'kafka.acks0-refused', 'kafka.acks0-crashed')
  if (settings['unclean.leader.election.enable'] === 'true') lose.push('kafka.unclean-election')
  // What the logs lost and the job still had in memory goes with that memory.
  if ((settings['unclean.leader.election.enable'] === 'true' && hasFact(column, 'kafka.leader-unclean')) || isResidue(column)) {
    lose.push('kafka.unclean-election', 'kafka.produce-rejected', 'kafka.producer-memory')
  }
  // A journal hands over again what the client gave up.
  if (isJournal && (hasFact(column, 'kafka.produce-rejected') || hasFact(column, 'kafka.delivery-timeout'))) repeat.push('source.journal-replay')
  // K6: all that min.insync.replicas asks for were in memory only, and lost power within the same half minute.
  if (brokersDark(column) >= Number(settings['min.insync.replicas'] ?? '2')) {
    lose.push('kafka.unflushed-tail', 'kafka.disk-lost', 'kafka.leader-changed-truncation')
  }
  // F5: the broker aborts what was prepared, and the checkpoint will not read it again.
  if (settings['sink.properties.transaction.timeout.ms'] !== undefined) lose.push('flink.committable-failed', 'kafka.transaction-aborted')
  // 2.8.1: none does not wait for Kafka at the barrier.
  if (guarantee === 'none') lose.push('flink.task-died', 'kafka.producer-memory')
  if (guarantee !== 'exactly-once' || !isCommitted) repeat.push('flink.restore-replay', 'flink.zombie')
  if (settings['enable.idempotence'] === 'false') repeat.push('kafka.producer-retry')
  return { lose, repeat }
}

function kinesisLambda(spec: RunSpec, column: Column): Allowed {
  const settings = spec.architectures[0]?.settings ?? {}
  const lose: string[] = []
  const repeat: string[] = []
  const isJournal = spec.workload?.['upstream'] === 'journal'
  if (sourceDied(column) && !isJournal) lose.push('source.down', 'source.died', 'kinesis.producer-died')
  // Nobody keeps what is discarded without a destination.
  if (settings['DestinationConfig.OnFailure'] === 'none') lose.push('lambda.batch-discarded')
  const write = settings['sink.write'] ?? 'append'
  if (write === 'append' || write === 'increment') {
    repeat.push('kinesis.put-retry', 'lambda.batch-retry', 'lambda.batch-bisected', 'lambda.batch-from-failure', 'lambda.zombie')
    if (sourceDied(column) && isJournal) repeat.push('source.journal-replay')
  }
  return { lose, repeat }
}
