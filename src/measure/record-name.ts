/** How a record is named: in the tables of the ledger by one number, to people by its source and index. */

/** Larger than any index: lane * LANE_STEP + index is a whole number below 2^53. */
export const LANE_STEP = 4294967296

/** The name of a record, the same in every column. */
export function recordName(lane: number, index: number): string {
  return `source-${lane + 1}:${index}`
}
