/** Who may lead after unclean shutdowns. */
import { expect, test } from 'vitest'
import { nextPartition, type ElectionRules } from '../../../models/parts/kafka/election.ts'
import { PartitionRecord } from '../../../models/parts/kafka/protocol-internal.ts'

const rules: ElectionRules = {
  replicas: [0, 1, 2], isActive: [true, true, true], minIsr: 2, isUncleanAllowed: false, hasElr: true,
  targetIsr: [], unclean: -1, isPreferred: false,
}
const offline = (elr: readonly number[], last: number) => new PartitionRecord(0, -1, 5, 9, [], elr, last, false)

test('a broker that is back from an unclean shutdown is no longer eligible; another eligible one leads, cleanly', () => {
  const next = nextPartition(offline([0, 2], 0), { ...rules, unclean: 0 })
  expect(next).toMatchObject({ leader: 2, isr: [2], isUnclean: false })
  expect(next?.elr).not.toContain(0)
})

test('while an eligible replica is away nobody else leads, not even the last known leader', () => {
  const next = nextPartition(offline([0, 2], 0), { ...rules, isActive: [true, true, false], unclean: 0 })
  expect(next).toMatchObject({ leader: -1, isr: [], elr: [2] })
})

test('with nobody eligible the last known leader leads, and that is unclean although it is not allowed', () => {
  expect(nextPartition(offline([], 1), rules)).toMatchObject({ leader: 1, isr: [1], isUnclean: true })
  expect(nextPartition(offline([], 1), { ...rules, isActive: [true, false, true] })).toBeNull()
})

test('the return of leadership to preferred replicas elects nobody who was not in sync, even where that is allowed', () => {
  const allowed = { ...rules, isUncleanAllowed: true, hasElr: false, isActive: [true, false, true], targetIsr: [1] }
  const now = new PartitionRecord(0, -1, 5, 9, [1], [], -1, false)
  expect(nextPartition(now, { ...allowed, isPreferred: true })).toBeNull()
  expect(nextPartition(now, allowed)).toMatchObject({ leader: 0, isr: [0], isUnclean: true })
})
