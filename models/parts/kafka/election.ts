/**
 * Models: how the controller chooses a leader and the in-sync set: the present leader if it may stay, else the first
 *   assigned replica that is in sync and active, else one of the eligible leader replicas, else the last known leader,
 *   else (unclean) any active replica, else nobody.
 * Source: Kafka 4.2 `PartitionChangeBuilder`; KIP-966 part 1.
 * Leaves out: reassignment, leader recovery state.
 */
import { PartitionRecord } from './protocol-internal.ts'

/** What is known and allowed at an election. */
export interface ElectionRules {
  readonly replicas: readonly number[]
  /** By broker number: unfenced and not shutting down. */
  readonly isActive: readonly boolean[]
  readonly minIsr: number
  readonly isUncleanAllowed: boolean
  readonly hasElr: boolean
  /** The in-sync set to be. */
  readonly targetIsr: readonly number[]
  /** Came back from an unclean shutdown: leaves ISR and ELR; -1 for none. */
  readonly unclean: number
  /** Leadership goes back to the first replica if that is possible. */
  readonly isPreferred: boolean
}

/** The partition's next state, or null when nothing changes. */
export function nextPartition(now: PartitionRecord, rules: ElectionRules): PartitionRecord | null {
  let isr = rules.targetIsr
  // Without ELR the last member stays in the set.
  if (!rules.hasElr && isr.length === 0) isr = now.isr
  let elr = eligible(now, rules, isr)
  const mayLead = (broker: number): boolean =>
    rules.isActive[broker] === true && (isr.includes(broker) || (isr.length === 0 && elr.includes(broker)))
  let leader = -1
  let isUnclean = false
  const preferred = rules.replicas[0] as number
  if (rules.isPreferred && mayLead(preferred)) leader = preferred
  else if (now.leader >= 0 && mayLead(now.leader)) leader = now.leader
  else leader = rules.replicas.find(mayLead) ?? -1
  if (leader < 0 && rules.hasElr && isr.length === 0 && elr.length === 0 && rules.isActive[now.lastKnownLeader] === true) {
    leader = now.lastKnownLeader
    isUnclean = true
  }
  // The return to preferred replicas never elects uncleanly.
  if (leader < 0 && rules.isUncleanAllowed && !rules.isPreferred) {
    leader = rules.replicas.find((broker) => rules.isActive[broker] === true) ?? -1
    isUnclean = leader >= 0
  }
  if (leader >= 0 && !isr.includes(leader)) {
    isr = [leader]
    elr = isUnclean || isr.length >= rules.minIsr ? [] : elr.filter((broker) => broker !== leader)
  }
  // Remembered from the moment when nobody is in sync any more until there is a leader again.
  const lastKnownLeader = leader >= 0 ? -1 : isr.length === 0 && now.leader >= 0 ? now.leader : now.lastKnownLeader
  if (leader === now.leader && same(isr, now.isr) && same(elr, now.elr) && lastKnownLeader === now.lastKnownLeader) return null
  return new PartitionRecord(
    now.partition, leader, leader === now.leader ? now.leaderEpoch : now.leaderEpoch + 1, now.partitionEpoch + 1,
    isr, elr, lastKnownLeader, isUnclean,
  )
}

/** Members that leave while fewer than min.insync.replicas are left stay eligible. */
function eligible(now: PartitionRecord, rules: ElectionRules, isr: readonly number[]): readonly number[] {
  if (!rules.hasElr || isr.length >= rules.minIsr) return []
  return rules.replicas.filter(
    (broker) => broker !== rules.unclean && !isr.includes(broker) && (now.isr.includes(broker) || now.elr.includes(broker)),
  )
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((broker, i) => broker === b[i])
}
