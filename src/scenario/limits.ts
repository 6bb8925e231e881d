/** Limits of scenario files: each is named here, said in its message, and tested. */

/** UTF-16 units of the whole file. */
export const fileLengthMax = 262_144
/** UTF-16 units of the front matter. */
export const frontMatterLengthMax = 65_536
/** Levels of nesting in the front matter. */
export const depthMax = 12
/** Maps, lists, keys and values of the front matter together. */
export const nodesMax = 4_000
/** Issues that are listed; the last one says that there are more. */
export const issuesMax = 100
/** Characters of a title, a name, a value. */
export const shortTextMax = 200
/** Characters of a prompt, a description, a feedback. */
export const longTextMax = 4_000
export const questionsMax = 60
export const optionsMax = 20
export const tagsMax = 20
export const conditionsMax = 20
export const faultsMax = 60
export const settingsMax = 100
export const sinksMax = 8
export const constraintsMax = 20
export const seedsMax = 50
export const columnsMax = 8
export const expectationsMax = 60
export const traceSecondsMax = 3_600
/** Blocks of guidance, and levels of nested lists in it. */
export const blocksMax = 1_000
export const listDepthMax = 4
/** The longest run, nanoseconds: one simulated day. */
export const runMaxNanos = 86_400_000_000_000
