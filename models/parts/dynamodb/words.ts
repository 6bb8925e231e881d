/**
 * Models: the facts that the table states.
 * Source: DynamoDB Developer Guide, Read/write capacity and partitions.
 * Leaves out: the names of CloudWatch's metrics, which measure the same things.
 */
import { factCode } from '../../../src/kernel/index.ts'

export const writeApplied = factCode('dynamodb.write-applied', 3, 'Item {index} of source {lane} was written', ['lane', 'index'])
export const writeRefused = factCode('dynamodb.condition-failed', 3, 'Item {index} of source {lane} was there already', ['lane', 'index'])
export const writesThrottled = factCode('dynamodb.throttled', 2, '{refused} of {items} writes were throttled', ['refused', 'items'])
export const capacityGrew = factCode('dynamodb.capacity-grew', 1, 'The table takes {units} write units a second from now on', ['units'])
