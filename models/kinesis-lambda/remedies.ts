/** What can be set against each cause in this column. */
import type { Remedies } from '../../src/contract/remedy.ts'
import { kinesisRemedies } from '../parts/kinesis/index.ts'
import { lambdaRemedies } from '../parts/lambda/index.ts'
import { sourceRemedies } from '../parts/source/index.ts'

export const remedies: Remedies = { ...sourceRemedies, ...kinesisRemedies, ...lambdaRemedies }
