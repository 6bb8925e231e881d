/** Where the traffic of a gutter lands: above the partitions' brokers, the pollers, or the sink. Pure. */
import type { Stage, StageNode } from '../../src/host/api.ts'
import { zoneX, type Geometry } from './geometry.ts'

/** x of each target of gutter 0 (sources to log), 1 (log to processing), 2 (processing to sink). */
export function targetXs(stage: Stage, g: Geometry, gutter: number, targets: number): number[] {
  if (gutter === 0 && stage.brokers.kind === 'nodes') return byNode(stage.brokers.nodes, g, targets)
  if (stage.processing.kind === 'functions') return targets < 4 ? even(g, targets) : pitched(g, targets)
  if (gutter === 1) return byNode(stage.processing.nodes.filter((node) => node.slots > 0), g, targets)
  return even(g, targets)
}

function pitched(g: Geometry, targets: number): number[] {
  const pitch = Math.min(g.pollerPitch, g.width / Math.max(1, targets))
  return Array.from({ length: targets }, (_, i) => i * pitch + g.poller / 2)
}

function even(g: Geometry, targets: number): number[] {
  return Array.from({ length: targets }, (_, i) => ((i + 0.5) / targets) * g.width)
}

/** Targets are dealt to nodes in turn and stand side by side over each node's zone. */
function byNode(nodes: readonly StageNode[], g: Geometry, targets: number): number[] {
  const zones = nodes.length > 0 ? nodes.map((node) => node.zone) : (['a', 'b', 'c'] as const)
  const places = new Map<string, number>()
  const list = Array.from({ length: targets }, (_, i) => {
    const zone = zones[i % zones.length]!
    const nth = places.get(zone) ?? 0
    places.set(zone, nth + 1)
    return { zone, nth }
  })
  return list.map(({ zone, nth }) => {
    const here = places.get(zone) ?? 1
    return zoneX(g, zone) + (g.zone * (nth + 0.8)) / (here + 0.6)
  })
}
