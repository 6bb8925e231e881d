/** Settings as the parts want them. */
import type { Settings } from '../../src/contract/knob.ts'
import type { World } from '../../src/contract/architecture.ts'
import type { ClientOptions } from '../parts/kinesis/index.ts'
import type { HandlerOptions, MappingOptions } from '../parts/lambda/index.ts'

export function clientOptions(settings: Settings): ClientOptions {
  return {
    lingerNanos: settings.number('client.linger'),
    recordsPerCall: settings.number('client.records-per-call'),
    callsInFlight: settings.number('client.calls-in-flight'),
    retries: settings.number('client.retries'),
    timeoutNanos: settings.number('client.timeout'),
    bufferBytes: settings.number('client.buffer'),
  }
}

export function mappingOptions(settings: Settings): MappingOptions {
  return {
    batchSize: settings.number('BatchSize'),
    windowNanos: settings.number('MaximumBatchingWindowInSeconds'),
    lanesPerShard: settings.number('ParallelizationFactor'),
    recordAgeNanos: settings.number('MaximumRecordAgeInSeconds'),
    attemptsMax: settings.number('MaximumRetryAttempts'),
    bisects: settings.flag('BisectBatchOnFunctionError'),
  }
}

export function handlerOptions(world: World): HandlerOptions {
  const { settings } = world
  return {
    writesAtATime: settings.number('sink.parallel'),
    workNanos: settings.number('handler.work'),
    memoryMegabytes: settings.number('MemorySize'),
    reportsItemFailures: settings.flag('ReportBatchItemFailures'),
    goesOn: settings.text('handler.on-failed-record') === 'continue',
    sdkAttempts: settings.number('maxAttempts'),
    itemBytes: settings.number('sink.item-size'),
  }
}
