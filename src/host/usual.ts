/** The columns of a run or of a scenario that names none. */
export const usualColumns: readonly string[] = ['kafka-flink', 'kinesis-lambda']
