/** All charts by name, and the four that stand there at first. */
import { latency, throughput, lag, lagRecords, damage, unsettled } from './lines.ts'
import { checkpoints, lanes, operators } from './rows.ts'
import type { ChartDefinition, ChartKind } from './definition.ts'

export type { ChartKind } from './definition.ts'

/** The four places, and what each shows until the reader chooses another chart for it. */
export const chartKinds: readonly ChartKind[] = ['latency', 'throughput', 'lag', 'damage']

export const charts: Readonly<Record<ChartKind, ChartDefinition>> = {
  latency, throughput, lag, damage, 'lag-records': lagRecords, unsettled, lanes, operators, checkpoints,
}

export const allKinds: readonly ChartKind[] = [
  'latency', 'throughput', 'lag', 'lag-records', 'lanes', 'damage', 'unsettled', 'operators', 'checkpoints',
]
