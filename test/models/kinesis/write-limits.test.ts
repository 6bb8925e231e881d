import { expect, it } from 'vitest'
import { WriteLimits } from '../../../models/parts/kinesis/index.ts'

const SECOND = 1e9

it('a shard admits a thousand records at once and then a thousand a second', () => {
  const limits = new WriteLimits(1)
  let admitted = 0
  for (let i = 0; i < 1500; i++) if (limits.admit(0, 0, 100)) admitted++
  expect(admitted).toBe(1000)
  for (let i = 0; i < 1500; i++) if (limits.admit(0, SECOND / 2, 100)) admitted++
  expect(admitted).toBe(1500)
  limits.audit()
})

it('a shard admits a MiB a second whatever the number of records', () => {
  const limits = new WriteLimits(1)
  let admitted = 0
  for (let i = 0; i < 100; i++) if (limits.admit(0, 0, 64 * 1024)) admitted++
  expect(admitted).toBe(16)
})

it('a refused record takes nothing from either bucket', () => {
  const limits = new WriteLimits(1)
  for (let i = 0; i < 15; i++) expect(limits.admit(0, 0, 64 * 1024)).toBe(true)
  expect(limits.admit(0, 0, 100 * 1024)).toBe(false)
  expect(limits.admit(0, 0, 64 * 1024)).toBe(true)
})

it('shards have buckets of their own', () => {
  const limits = new WriteLimits(2)
  for (let i = 0; i < 1000; i++) limits.admit(0, 0, 1)
  expect(limits.admit(0, 0, 1)).toBe(false)
  expect(limits.admit(1, 0, 1)).toBe(true)
})

it('a throttled shard has its share of rate and depth until it is released', () => {
  const limits = new WriteLimits(1)
  limits.throttle(0, 20)
  let admitted = 0
  for (let i = 0; i < 500; i++) if (limits.admit(0, SECOND, 1)) admitted++
  expect(admitted).toBe(200)
  limits.throttle(0, 100)
  admitted = 0
  for (let i = 0; i < 2000; i++) if (limits.admit(0, 2 * SECOND, 1)) admitted++
  expect(admitted).toBe(1000)
})
