/** Sizes of a stage in its own units; the page scales the whole picture to its column. */

export interface Geometry {
  readonly name: 'wide' | 'phone'
  readonly width: number
  readonly source: number
  readonly gutter: number
  readonly brokers: number
  readonly log: number
  readonly axis: number
  readonly processing: number
  readonly coordination: number
  readonly sink: number
  /** Right end of a lane's name. */
  readonly nameX: number
  readonly pipX: number
  readonly pip: number
  readonly pipGap: number
  readonly barX: number
  readonly barWidth: number
  readonly zone: number
  readonly zoneGap: number
  readonly chip: number
  readonly slot: number
  readonly slotHeight: number
  readonly slotGap: number
  readonly environment: number
  readonly environmentPitch: number
  readonly poller: number
  readonly pollerHeight: number
  readonly pollerPitch: number
  /** Width of one bar of the past, and the height of the tallest. */
  readonly bar: number
  readonly barHeight: number
  readonly outputLane: number
}

const least: Geometry = {
  name: 'wide', width: 528, source: 32, gutter: 18, brokers: 36, log: 168, axis: 14, processing: 96,
  coordination: 28, sink: 36, nameX: 26, pipX: 34, pip: 9, pipGap: 2, barX: 72, barWidth: 384, zone: 168,
  zoneGap: 12, chip: 28, slot: 34, slotHeight: 16, slotGap: 4, environment: 12, environmentPitch: 16,
  poller: 18, pollerHeight: 19, pollerPitch: 22, bar: 7, barHeight: 18, outputLane: 10,
}

export const phone: Geometry = {
  ...least, name: 'phone', width: 343, nameX: 17, pipX: 23, pip: 7, pipGap: 1.5, barX: 52, barWidth: 233,
  zone: 109, zoneGap: 8, slot: 21, slotGap: 3, environment: 10, environmentPitch: 14.2, poller: 11,
  pollerPitch: 14.3, bar: 3,
}

/** Height of the smallest wide stage; below it the page scrolls. */
const leastHeight = 464
/** Most that letters and lines grow; beyond it the marks get the room. */
const growthMax = 1.25

/**
 * The stage for a box of so many pixels: what has more room gets longer bars, taller lanes and larger cells; gaps
 * and letters stay nearly as they are.
 */
export function wideFor(width: number, height: number): Geometry {
  const scale = width < least.width ? width / least.width
    : Math.max(1, Math.min(growthMax, Math.sqrt(width / least.width), height / leastHeight))
  const units = Math.round(width / scale)
  const spare = Math.max(0, Math.min(420, Math.floor(height / scale) - leastHeight))
  const share = (part: number, most: number): number => Math.floor(Math.min(most, spare * part))
  const zone = (units - 2 * least.zoneGap) / 3
  const log = least.log + share(0.56, 240)
  const processing = least.processing + share(0.24, 100)
  const pollerPitch = Math.min(44, units / 24)
  const environmentPitch = Math.min(16 + share(0.05, 10), Math.max(16, units / 33))
  return {
    ...least, width: units, zone, log, processing, barWidth: units - least.width + least.barWidth,
    brokers: least.brokers + share(0.04, 16), chip: least.chip + share(0.03, 12), gutter: least.gutter + share(0.02, 8),
    coordination: least.coordination + share(0.06, 24), sink: least.sink + share(0.03, 12),
    slot: Math.min(72, (zone - 16) / 4 - least.slotGap), slotHeight: least.slotHeight + share(0.08, 30),
    pollerPitch, poller: pollerPitch - 4, pollerHeight: least.pollerHeight + share(0.09, 36),
    environment: environmentPitch - 4, environmentPitch, bar: Math.min(14, units / 75), barHeight: least.barHeight + share(0.06, 24),
    outputLane: least.outputLane + share(0.03, 12),
  }
}

/** On a projector: units of at least 16 pixels to eleven, no row of checkpoints, lanes as tall as the rest allows. */
const presentWidth = 478
const presentRows = { source: 26, gutter: 11, brokers: 32, axis: 13, processing: 88, coordination: 0, sink: 32 }
/** The log as it should be, and as it may become before letters get smaller than 1.2 of a page's. */
const presentLog = 149
const presentLogLeast = 110
const presentScaleLeast = 1.2

/** The stage of the projector for a box of so many pixels. */
export function presentFor(width: number, height: number): Geometry {
  const { source, gutter, brokers, axis, processing, sink } = presentRows
  const others = source + 3 * gutter + brokers + axis + processing + sink
  const wanted = Math.min(width / presentWidth, height / (others + presentLog))
  const scale = Math.max(wanted, Math.min(presentScaleLeast, width / presentWidth, height / (others + presentLogLeast)))
  const units = Math.round(width / scale)
  const zone = (units - 2 * least.zoneGap) / 3
  const pollerPitch = Math.min(44, units / 24)
  return {
    ...least, ...presentRows, width: units, zone, log: Math.max(presentLogLeast, Math.floor(height / scale) - others), barWidth: units - least.width + least.barWidth,
    slot: (zone - 16) / 4 - least.slotGap, pollerPitch, poller: pollerPitch - 4, pollerHeight: 16, environmentPitch: 13.2, environment: 10.5,
  }
}

/** Narrower than the smallest wide stage: the short words are used. */
export function isTight(g: Geometry): boolean {
  return g.width < least.width
}

/** Top of each row. */
export interface Rows {
  readonly source: number
  readonly gutter0: number
  readonly brokers: number
  readonly log: number
  readonly axis: number
  readonly gutter1: number
  readonly processing: number
  readonly coordination: number
  readonly gutter2: number
  readonly sink: number
  readonly height: number
}

/** The rows from top to bottom: sources, log, processing, sink, with gutters for traffic. */
export function rowsOf(g: Geometry): Rows {
  const gutter0 = g.source
  const brokers = gutter0 + g.gutter
  const log = brokers + g.brokers
  const axis = log + g.log
  const gutter1 = axis + g.axis
  const processing = gutter1 + g.gutter
  const coordination = processing + g.processing
  const gutter2 = coordination + g.coordination
  const sink = gutter2 + g.gutter
  return { source: 0, gutter0, brokers, log, axis, gutter1, processing, coordination, gutter2, sink, height: sink + g.sink }
}

/** Left edge of the frame of a zone. */
export function zoneX(g: Geometry, zone: 'a' | 'b' | 'c'): number {
  return (zone === 'a' ? 0 : zone === 'b' ? 1 : 2) * (g.zone + g.zoneGap)
}
