import { expect, test } from 'vitest'
import { invariant, InvariantError } from '../../src/kernel/invariant.ts'

test('a rule that holds does nothing, and its detail is not even made', () => {
  expect(invariant(true, 'some-rule', () => expect.fail('detail was made'))).toBeUndefined()
})

test.each([
  [undefined, '', 'some-rule'],
  ['3 of 2', '3 of 2', 'some-rule: 3 of 2'],
  [() => '3 of 2', '3 of 2', 'some-rule: 3 of 2'],
] as const)('a broken rule throws its code and its detail (%s)', (given, detail, message) => {
  const broken = () => invariant(false, 'some-rule', given)
  expect(broken).toThrow(InvariantError)
  expect(broken).toThrow(expect.objectContaining({ code: 'some-rule', detail, message }))
})
