/** What a run is held to: conservation by a count of every record, and what its settings promise. */
import { causeOf } from '../../src/contract/cause.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { EXCEPTIONAL, LOST, ONCE, REFUSED, SIDE, UNSEEN } from '../../src/measure/chunks.ts'
import type { Column } from '../../src/run/column.ts'
import { InSyncLost } from './in-sync-lost.ts'

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
    const may = id === 'kafka-flink' ? kafkaFlink(spec, column, primary) : kinesisLambda(spec, column)
    // All faults have healed by the end of births, and the quiet time has passed since.
    const stuck = ledger.unsettled(view) === 0 ? [] : unsettled(column, view).filter(({ lane, index }) => !may.hangs(lane, index))
    if (stuck.length > 0) problems.push(`liveness: ${stuck.length} still unsettled in ${reader}, ${textOf(stuck)}`)
    for (const { kind, code, records } of tally.bookings.lines()) {
      if (kind === 'duplicate' && !isNamed(may.repeat, code)) problems.push(`guarantee: ${records} ${kind} by ${code} in ${reader}`)
    }
    for (const [code, names] of gone(column, view)) {
      const broken = isNamed(may.lose, code) ? [] : names.filter(({ lane, index }) => !may.excuses(code, lane, index))
      if (broken.length > 0) problems.push(`guarantee: ${broken.length} lost or retracted by ${code} in ${reader}, ${textOf(broken)}`)
    }
  }
}

interface Name {
  readonly lane: number
  readonly index: number
}

/** The first of some records. */
function textOf([name]: readonly Name[]): string {
  return name === undefined ? '' : `source-${name.lane + 1}:${name.index}`
}

/** Records without an end state. */
function unsettled({ state: { ledger, births } }: Column, view: number): Name[] {
  const found: Name[] = []
  for (let lane = 0; lane < births.lanes; lane++) {
    for (let index = 0; index < births.born(lane); index++) {
      if (ledger.stateOf(view, lane, index) === UNSEEN && (ledger.answerOf(lane, index) & SIDE) === 0) found.push({ lane, index })
    }
  }
  return found
}

/** Records that a view's readers lost, or that were taken from them again, by cause. */
function gone(column: Column, view: number): Map<string, Name[]> {
  const { ledger, births } = column.state
  const found = new Map<string, Name[]>()
  const exceptional = ledger.views[view]?.exceptional
  for (let lane = 0; lane < births.lanes; lane++) {
    for (let index = 0; index < births.born(lane); index++) {
      const state = ledger.stateOf(view, lane, index)
      const entry = state === EXCEPTIONAL ? exceptional?.get(lane * 4294967296 + index) : undefined
      let code: string | null = null
      if (state === LOST) code = ledger.dropOf(lane, index)?.code ?? 'nobody'
      else if (entry !== undefined && entry.readable === 0) code = entry.retractedBy < 0 ? 'nobody' : causeOf(entry.retractedBy).code
      if (code === null) continue
      const names = found.get(code)
      if (names === undefined) found.set(code, [{ lane, index }])
      else names.push({ lane, index })
    }
  }
  return found
}

/** Causes that may destroy or repeat records here; a code that ends in a dot stands for all of that product. */
interface Allowed {
  readonly lose: readonly string[]
  readonly repeat: readonly string[]
  /** Whether this record may be lost by this cause although not every record may. */
  readonly excuses: (code: string, lane: number, index: number) => boolean
  /** Whether this record may wait for good. */
  readonly hangs: (lane: number, index: number) => boolean
}

function isNamed(codes: readonly string[], code: string): boolean {
  return codes.some((allowed) => code === allowed || (allowed.endsWith('.') && code.startsWith(allowed)))
}

/** What the faults did struck a source application's process. */
function sourceDied(column: Column): boolean {
  return column.state.inflicted.some((done) => /^(crash|power-loss|disk-loss)$/.test(done.fault.kind) && done.struck.startsWith('source-'))
}

function hasFact(column: Column, code: string): boolean {
  return column.state.log.facts.some((fact) => fact.code.code === code)
}

/** The log came back without them, and what a client or the job still had in memory went with that memory. */
const inMemoryOnly = ['kafka.offset-reused', 'kafka.produce-rejected', 'kafka.producer-memory', 'flink.task-died']
const byUncleanElection = ['kafka.unclean-election', ...inMemoryOnly]
/** K6: all that min.insync.replicas asks for were in memory only, and lost power within the same half minute. */
const byLostTails = ['kafka.unflushed-tail', 'kafka.disk-lost', 'kafka.leader-changed-truncation', ...inMemoryOnly]

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
  // A journal hands over again what the client gave up.
  if (isJournal && (hasFact(column, 'kafka.produce-rejected') || hasFact(column, 'kafka.delivery-timeout'))) repeat.push('source.journal-replay')
  // F5: the broker aborts what was prepared, and the checkpoint will not read it again.
  if (settings['sink.properties.transaction.timeout.ms'] !== undefined) lose.push('flink.committable-failed', 'kafka.transaction-aborted')
  // 2.8.1: none does not wait for Kafka at the barrier.
  if (guarantee === 'none') lose.push('flink.task-died', 'kafka.producer-memory')
  if (guarantee !== 'exactly-once' || !isCommitted) repeat.push('flink.restore-replay', 'flink.zombie')
  if (settings['enable.idempotence'] === 'false') repeat.push('kafka.producer-retry')
  const minIsr = Number(settings['min.insync.replicas'] ?? '2')
  const isUncleanAllowed = settings['unclean.leader.election.enable'] === 'true'
  const lost = new InSyncLost(column, minIsr)
  // What only the leader has acknowledged is lost with its tail alone.
  const tails = acks === 'all' ? minIsr : 1
  return {
    lose, repeat,
    excuses: (code, lane, index) => (byUncleanElection.includes(code) && lost.isExcused(lane, index, isUncleanAllowed))
      || (byLostTails.includes(code) && lost.tailsLost(lane, index) >= tails),
    hangs: (lane, index) => isCommitted && lost.hangs(lane, index),
  }
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
  return { lose, repeat, excuses: () => false, hangs: () => false }
}
