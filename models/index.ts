/** All recipes, in the order in which they are listed. Adding an architecture is one folder and one line. */
import type { Recipe } from '../src/contract/architecture.ts'
import kafkaFlink from './kafka-flink/index.ts'
import kinesisLambda from './kinesis-lambda/index.ts'
import kafka from './kafka/index.ts'
import nothing from './null/index.ts'

export const recipes: readonly Recipe[] = [kafkaFlink, kinesisLambda, kafka, nothing]
