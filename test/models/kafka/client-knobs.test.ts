import { describe, expect, it } from 'vitest'
import { KnobSettings } from '../../../src/run/settings.ts'
import { consumerConfig, producerConfig } from '../../../models/parts/kafka/client-config.ts'
import {
  consumerKnobs, flinkSinkDefaults, flinkSourceDefaults, producerIssues, producerKnobs,
} from '../../../models/parts/kafka/client-knobs.ts'

/** Settings of a source producer with these values, and what was set explicitly. */
function given(values: Record<string, string>, prefix = ''): { settings: KnobSettings; isSet: (key: string) => boolean } {
  const settings = new KnobSettings(producerKnobs(prefix, 'producer', prefix === '' ? {} : flinkSinkDefaults))
  for (const key of Object.keys(values)) {
    expect(settings.set(prefix + key, values[key] as string)).toBeNull()
  }
  return { settings, isSet: (key) => Object.keys(values).some((one) => prefix + one === key) }
}

const codes = (values: Record<string, string>, isTransactional = false): string[] => {
  const { settings, isSet } = given(values)
  return producerIssues(settings, '', isSet, isTransactional).map((issue) => `${issue.code} ${issue.path}`)
}

describe('producer configuration', () => {
  it('the defaults are Kafka 4.2\'s', () => {
    const config = producerConfig(given({}).settings, '', { recordBytes: 500 })
    expect([config.acks, config.idempotent, config.linger, config.batchBytes, config.bufferBytes, config.maxInFlight])
      .toEqual([-1, true, 5e6, 16384, 33554432, 5])
    expect([config.requestTimeout, config.deliveryTimeout, config.maxBlock, config.transactionTimeout]).toEqual([30e9, 120e9, 60e9, 60e9])
  })

  it.each([
    [{ acks: '1' }, false], [{ acks: '0' }, false], [{ retries: '0' }, false], [{ acks: '-1' }, true],
    [{ 'enable.idempotence': 'false' }, false],
  ])('idempotence is silently off when acks is not all or retries is 0: %j', (values, expected) => {
    const { settings, isSet } = given(values as Record<string, string>)
    expect(producerIssues(settings, '', isSet)).toEqual([])
    expect(producerConfig(settings, '', { recordBytes: 1 }).idempotent).toBe(expected)
  })

  it.each([
    [{ 'enable.idempotence': 'true', acks: '1' }, ['kafka.idempotence-needs-acks acks']],
    [{ 'enable.idempotence': 'true', retries: '0' }, ['kafka.idempotence-needs-retries retries']],
    [{ 'max.in.flight.requests.per.connection': '6' }, ['kafka.idempotence-in-flight max.in.flight.requests.per.connection']],
    [{ 'max.in.flight.requests.per.connection': '6', acks: '1' }, []],
    [{ 'delivery.timeout.ms': '30000' }, ['kafka.delivery-timeout-short delivery.timeout.ms']],
    [{ 'delivery.timeout.ms': '30005' }, []],
    [{ 'request.timeout.ms': '200s' }, []],
  ])('what conflicts explicitly is an issue: %j', (values, expected) => {
    expect(codes(values as unknown as Record<string, string>)).toEqual(expected)
  })

  it('a transactional producer needs idempotence', () => {
    expect(codes({ 'enable.idempotence': 'false' }, true)).toEqual(['kafka.transactions-need-idempotence enable.idempotence'])
    expect(codes({ acks: '1' }, true)).toEqual(['kafka.idempotence-needs-acks acks'])
  })

  it('a default delivery.timeout.ms below linger + request time-out is raised to it', () => {
    const { settings } = given({ 'request.timeout.ms': '200s' })
    expect(producerConfig(settings, '', { recordBytes: 1 }).deliveryTimeout).toBe(200.005e9)
  })

  it('under sink.properties. Flink\'s own transaction time-out of one hour holds', () => {
    const { settings } = given({}, 'sink.properties.')
    expect(producerConfig(settings, 'sink.properties.', { recordBytes: 1 }).transactionTimeout).toBe(3600e9)
  })

  it('under source.properties. Flink\'s source resets to earliest, and a plain consumer to latest', () => {
    const flink = new KnobSettings(consumerKnobs('source.properties.', 'source', flinkSourceDefaults))
    expect(consumerConfig(flink, 'source.properties.', {}).offsetReset).toBe('earliest')
    const plain = new KnobSettings(consumerKnobs('', 'consumer'))
    const config = consumerConfig(plain, '', {})
    expect([config.offsetReset, config.isolation, config.maxWait, config.minBytes]).toEqual(['latest', 0, 500e6, 1])
  })
})
