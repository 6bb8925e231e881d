import { expect, test } from 'vitest'
import { meaningOf } from '../../src/scenario/meaning.ts'

test.each<[string, string, unknown]>([
  ['latency', 'sub-second', { kind: 'latency', quantile: 0.99, limitNanos: 1e9 }],
  ['latency', 'Sub-millisecond', { kind: 'latency', quantile: 0.99, limitNanos: 1e6 }],
  ['latency', 'sub-100ms', { kind: 'latency', quantile: 0.99, limitNanos: 100e6 }],
  ['latency', 'p99 < 500ms', { kind: 'latency', quantile: 0.99, limitNanos: 500e6 }],
  ['latency', 'p95 under 2s', { kind: 'latency', quantile: 0.95, limitNanos: 2e9 }],
  ['latency', 'p99.9 at most 1.5s', { kind: 'latency', quantile: 0.999, limitNanos: 1.5e9 }],
  ['latency', 'within 10 min', { kind: 'latency', quantile: 0.99, limitNanos: 600e9 }],
  ['latency', '500', { kind: 'unknown' }],
  ['latency', 'p12 < 5s', { kind: 'unknown' }],
  ['latency', '0s', { kind: 'unknown' }],
  ['latency', 'real-time', { kind: 'unknown' }],
  ['throughput', '10000 TPS', { kind: 'throughput', perSecond: 10_000 }],
  ['throughput', 'at least 10,000 events/s', { kind: 'throughput', perSecond: 10_000 }],
  ['throughput', '1M/s peak', { kind: 'throughput', perSecond: 1_000_000 }],
  ['throughput', 'millions', { kind: 'unknown' }],
  ['durability', 'zero message loss', { kind: 'loss', limit: 0 }],
  ['durability', 'No data loss', { kind: 'loss', limit: 0 }],
  ['durability', 'some loss is fine', { kind: 'unknown' }],
  ['semantics', 'exactly-once required', { kind: 'exactly-once' }],
  ['semantics', 'exactly once', { kind: 'exactly-once' }],
  ['semantics', 'at-least-once is enough', { kind: 'loss', limit: 0 }],
  ['semantics', 'exactly-once not required', { kind: 'unknown' }],
  ['semantics', 'at-least-once or exactly-once', { kind: 'unknown' }],
  ['cloud', 'AWS', { kind: 'declared', property: 'cloud', wanted: 'AWS', level: null }],
  ['cloud', 'the moon', { kind: 'unknown' }],
  ['expertise', 'limited Kafka experience', { kind: 'declared', property: 'expertise', wanted: 'Kafka', level: 'limited' }],
  ['expertise', 'no Flink knowledge', { kind: 'declared', property: 'expertise', wanted: 'Flink', level: 'none' }],
  ['expertise', 'we learn fast', { kind: 'unknown' }],
  ['historical_join', 'yes for ML models', { kind: 'declared', property: 'historical_join', wanted: 'yes', level: null }],
  ['historical_join', 'maybe', { kind: 'unknown' }],
  ['budget', '100 a month', { kind: 'unknown' }],
  ['toString', 'x', { kind: 'unknown' }],
])('%s "%s"', (id, value, expected) => {
  expect(meaningOf(id, value)).toEqual(expected)
})
