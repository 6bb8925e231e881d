/** Words of the stage's objects and of the charts. */

export const stageTexts = {
  chartUnits: {
    latency: 'p99 thick, p50 thin, log', throughput: 'records/s', lag: 'seconds', damage: 'records', 'lag-records': 'records',
    unsettled: 'records', lanes: 'seconds, one row a partition or shard', operators: 'one row a subtask or environment', checkpoints: 'seconds',
  },
  chartTitles: {
    latency: 'Visible latency', throughput: 'Throughput', lag: 'Lag', damage: 'Duplicates and loss', 'lag-records': 'Lag',
    unsettled: 'Unsettled', lanes: 'Lag per lane', operators: 'Work per operator', checkpoints: 'Checkpoint phases',
  },
  atLeastRate: (n: string): string => `at least ${n}`,
  answeredWord: 'answered',
  warmup: 'warm-up',
  acknowledgedLost: 'acknowledged',
  worstLane: (name: string, value: string): string => `no. ${name}: ${value}`,
  busyMean: (busy: string, back: string): string => `busy ${busy}, back ${back}`,
  executingNow: (n: string): string => `${n} executing`,
  noCheckpoints: 'has none',
  phases: (alignment: string, rest: string): string => `alignment ${alignment}, rest ${rest}`,
  chartMenu: (title: string): string => `${title}: other charts, values, copy and save`,
  chartShow: 'Show in this place',
  chartValues: (time: string): string => `Values at ${time} s`,
  chartSave: 'Copy or save',
  copyAs: (kind: string): string => `Copy ${kind}`,
  saveAs: (kind: string): string => `Save ${kind}`,
  saved: (name: string): string => `Saved ${name}.`,
  copiedAs: (kind: string): string => `Copied as ${kind}.`,
  copyRefused: (kind: string): string => `The browser refused to copy ${kind}; save it instead.`,
  unknownCell: 'unknown',
  givenUpIn: (time: string): string => `given up in ${time} unless it is heard`,
  batchNow: (executing: number, waiting: number): string => `${executing > 0 ? `executing ${Math.round(executing * 100)} % of a full batch` : 'executing nothing'}, ${Math.round(waiting * 100)} % of the next one waits`,
  ranAgain: (shard: number): string => `batch of shard ${shard} ran again`,
  ranAgainShort: 'batch ran again',
  cardBreak: 'Enter or a click opens what can happen to it.',
  cardWhy: 'Enter or a click tells why.',
  cardOnly: 'Nothing can be struck here.',
  slot: 'Slot',
  slotNow: (subtask: number, state: number, busy: number, back: number): string => {
    const word = state === 1 ? `busy ${Math.round(busy * 10) * 10} %, backpressured ${Math.round(back * 10) * 10} %` : ['empty', '', 'restoring', 'dead'][state] ?? 'unknown'
    return subtask >= 0 ? `subtask ${subtask + 1}, ${word}` : word
  },
  save: 'Save',
  waterfall: 'Where the time of a record went',
  waterfallHelp: 'From birth to its reader, cut at the hops that its trace tells. What no hop tells is not shown as a stage of its own.',
  birth: 'birth',
  untilHop: 'until:',
  notVisibleYet: 'Not visible to the reader yet.',
}
