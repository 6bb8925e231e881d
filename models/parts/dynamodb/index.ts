/** DynamoDB: one table that decisions are written to. */
export { writeSent } from './hops.ts'
export { Items } from './items.ts'
export { refusedItems, sdkBackoffNanos } from './sdk-retry.ts'
export { DynamoTable, WriteGroup, writesArrived, type WriteObserver } from './table.ts'
export { PARTITION_UNITS, WriteCapacity, writeUnits } from './write-capacity.ts'
export { APPEND, CONDITIONAL, effectOf, INCREMENT, PUT, takes, writeKind, writeKinds } from './write-kinds.ts'
