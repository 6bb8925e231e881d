/**
 * The order in which test files start: those with modules of their own first, then those that share a process, so that
 * it is not given up in between; each kind by how long it takes, so that both cores end together. A fresh checkout
 * has no times of an earlier run, so the long ones stand here; roughly, seconds on two quiet cores.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const seconds: Readonly<Record<string, number>> = {
  'test/run/swarm-kafka-flink.test.ts': 84,
  'test/web/page.test.ts': 65,
  'test/goldens/goldens.test.ts': 40,
  'test/web/first.test.ts': 50,
  'test/web/stage.test.ts': 30,
  'test/web/time.test.ts': 40,
  'test/web/why.test.ts': 30,
  'test/messages/kafka-flink.test.ts': 37,
  'test/readme.test.ts': 35,
  'test/run/swarm-kinesis-lambda.test.ts': 24,
  'test/scenarios/demos.test.ts': 20,
  'test/models/contract.test.ts': 19,
  'test/models/flink/column.test.ts': 14,
  'test/measurements/kafka.test.ts': 14,
  'test/measurements/flink.test.ts': 12,
  'test/models/kafka/client-cluster.test.ts': 9,
  'test/host/test-runner.test.ts': 9,
  'test/models/kafka/clean-stop.test.ts': 7,
  'test/host/faultline.test.ts': 6,
  'test/run/found-plans.test.ts': 6,
  'test/models/kafka/failure.test.ts': 6,
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(b) - rank(a) || (a.moduleId < b.moduleId ? -1 : 1))
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const name = Object.keys(seconds).find((path) => moduleId.endsWith(path))
  return (project.config.isolate ? 1000 : 0) + (seconds[name ?? ''] ?? 1)
}
