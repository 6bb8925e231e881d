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
  readonly pollerPitch: number
}

export const wide: Geometry = {
  name: 'wide', width: 528, source: 32, gutter: 18, brokers: 36, log: 168, axis: 14, processing: 96,
  coordination: 28, sink: 36, nameX: 26, pipX: 34, pip: 9, pipGap: 2, barX: 72, barWidth: 384, zone: 168,
  zoneGap: 12, chip: 28, slot: 34, slotHeight: 16, slotGap: 4, environment: 12, environmentPitch: 16,
  poller: 18, pollerPitch: 22,
}

export const phone: Geometry = {
  ...wide, name: 'phone', width: 343, nameX: 17, pipX: 23, pip: 7, pipGap: 1.5, barX: 52, barWidth: 233,
  zone: 109, zoneGap: 8, slot: 21, slotGap: 3, environment: 10, environmentPitch: 14.2, poller: 11,
  pollerPitch: 14.3,
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
