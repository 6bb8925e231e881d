/** Where the traffic of a gutter lands: above the partitions' brokers, the pollers, or the sink. Pure. */
import type { Stage, StageNode, ZoneId } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { zoneX, type Geometry } from './geometry.ts'

/** Who a lane's records go to now: the zone of its leader, and of the worker whose subtask reads it; null unknown. */
export interface Whereabouts {
  readonly leaders: readonly (ZoneId | null)[]
  readonly readers: readonly (ZoneId | null)[]
}

/** x of each target of gutter 0 (sources to log), 1 (log to processing), 2 (processing to sink). */
export function targetXs(stage: Stage, g: Geometry, gutter: number, targets: number, now: Whereabouts | null = null): number[] {
  if (gutter === 0 && stage.brokers.kind === 'nodes') return byZone(stage.brokers.nodes, g, targets, now?.leaders ?? [])
  if (stage.processing.kind === 'functions') return targets < 4 ? even(g, targets) : pitched(g, targets)
  if (gutter === 1) return byZone(stage.processing.nodes.filter((node) => node.slots > 0), g, targets, now?.readers ?? [])
  return even(g, targets)
}

/** Reads from a frame where the records of each lane go. */
export class Guide {
  private readonly stage: Stage
  private readonly leaders: readonly number[]
  private readonly subtasks: readonly { readonly slot: number; readonly zone: ZoneId }[]

  constructor(column: Column) {
    const { stage } = column.opened
    this.stage = stage
    this.leaders = stage.lanes.names.map((_, lane) => column.slot(`lane.${lane}.leader`))
    const workers = stage.processing.kind === 'functions' ? [] : stage.processing.nodes.filter((node) => node.slots > 0)
    this.subtasks = workers.flatMap(({ slots, zone }, n) => Array.from({ length: slots }, (_, s) => ({ slot: column.slot(`slot.${n}.${s}.subtask`), zone })))
  }

  read(frame: Float64Array): Whereabouts {
    const taken = this.subtasks.filter(({ slot }) => frame[slot]! >= 0)
    const zoneOf = new Map(taken.map(({ slot, zone }) => [frame[slot]!, zone]))
    return {
      leaders: this.leaders.map((slot, lane) => this.stage.lanes.replicaZones[lane]?.[frame[slot]!] ?? null),
      // Lanes are dealt to subtasks in turn; which one starts is not told, their number over each worker is.
      readers: this.leaders.map((_, lane) => zoneOf.get(lane % Math.max(1, taken.length)) ?? null),
    }
  }
}

function pitched(g: Geometry, targets: number): number[] {
  const pitch = Math.min(g.pollerPitch, g.width / Math.max(1, targets))
  return Array.from({ length: targets }, (_, i) => i * pitch + g.poller / 2)
}

function even(g: Geometry, targets: number): number[] {
  return Array.from({ length: targets }, (_, i) => ((i + 0.5) / targets) * g.width)
}

/** Targets stand side by side over the zone they go to; where that is not known they are dealt to nodes in turn. */
function byZone(nodes: readonly StageNode[], g: Geometry, targets: number, known: readonly (ZoneId | null)[]): number[] {
  const zones = nodes.length > 0 ? nodes.map((node) => node.zone) : (['a', 'b', 'c'] as const)
  const places = new Map<ZoneId, number>()
  const list = Array.from({ length: targets }, (_, i) => {
    const zone = known[i] ?? zones[i % zones.length]!
    const nth = places.get(zone) ?? 0
    places.set(zone, nth + 1)
    return { zone, nth }
  })
  return list.map(({ zone, nth }) => {
    const here = places.get(zone) ?? 1
    return zoneX(g, zone) + (g.zone * (nth + 0.8)) / (here + 0.6)
  })
}
