/** Row 2: brokers as chips in their zones, or the managed stream that nobody can crash. */
import { bytesRate } from '../format.ts'
import { texts } from '../texts.ts'
import { box, object, text } from '../svg.ts'
import { Chip } from './chip.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'
import { isTight, zoneX } from './geometry.ts'
import { drawZones } from './zones.ts'

export function drawBrokers(parent: Element, c: StageContext): StagePart {
  return c.column.opened.stage.brokers.kind === 'nodes' ? drawNodes(parent, c) : drawManaged(parent, c)
}

function drawNodes(parent: Element, c: StageContext): StagePart {
  const { column, g, rows } = c
  const stage = column.opened.stage.brokers
  const phone = g.name === 'phone'
  const nodes = stage.kind === 'nodes' ? stage.nodes : []
  drawZones(parent, g, rows.brokers, g.brokers, true)
  const chips = nodes.map((node) => {
    const beside = nodes.filter((other) => other.zone === node.zone)
    const place = beside.indexOf(node)
    const offset = phone ? 16 : 19
    const room = (g.zone - offset - 3) / beside.length
    const chip = new Chip(parent, { full: `${node.name} in zone-${node.zone}`, short: node.name, tight: node.name }, {
      x: zoneX(g, node.zone) + offset + place * room, y: rows.brokers + (g.brokers - g.chip) / 2,
      width: room - 1, height: g.chip, inset: 4, baseline: 12,
    }, strikeMenu(c, node.name, [node.id, ...node.roles], 'broker'), 'broker')
    const slot = (what: string): number => column.slot(`node.${node.id}.${what}`)
    return {
      chip, zone: node.zone, state: slot('state'), restartIn: slot('restartIn'), incarnation: slot('incarnation'), sessionIn: slot('sessionIn'), sessionFor: slot('sessionFor'),
      bytes: slot('bytesRate'), controller: slot('controller'),
    }
  })
  const leads = leadCounter(c)
  return {
    figures(frame) {
      for (const item of chips) {
        const controls = at(frame, item.controller) === 1
        const bytes = at(frame, item.bytes)
        const alone = chips.every((other) => other === item || other.zone !== item.zone)
        const disk = !Number.isNaN(bytes) ? `disk ${bytesRate(bytes)}` : alone ? leads(frame, item.zone) : ''
        item.chip.update({
          state: at(frame, item.state), restartIn: at(frame, item.restartIn), incarnation: at(frame, item.incarnation), sessionIn: at(frame, item.sessionIn), sessionFor: at(frame, item.sessionFor),
          right: controls && !phone ? texts.controller : '',
          detail: phone && controls ? texts.controller : phone && !Number.isNaN(bytes) ? bytesRate(bytes) : disk,
        })
      }
    },
  }
}

/** How many partitions are led from a zone, in words. */
function leadCounter(c: StageContext): (frame: Float64Array, zone: string) => string {
  const { names, replicaZones } = c.column.opened.stage.lanes
  const leaders = names.map((_, lane) => c.column.slot(`lane.${lane}.leader`))
  return (frame, zone) => {
    let led = 0
    leaders.forEach((slot, lane) => {
      if (replicaZones[lane]?.[at(frame, slot)] === zone) led++
    })
    return Number.isNaN(at(frame, leaders[0] ?? -1)) ? '' : c.g.name === 'phone' ? texts.leadsShort(led) : texts.leads(led, names.length)
  }
}

function drawManaged(parent: Element, c: StageContext): StagePart {
  const { column, g, rows } = c
  const stage = column.opened.stage.brokers
  if (stage.kind !== 'managed') return { figures: () => undefined }
  const y = rows.brokers
  box(parent, 0, y, g.width, g.brokers, 'zone')
  const phone = g.name === 'phone'
  const [head = '', tail = ''] = stage.text.split(/[:,] (.*)/)
  text(parent, 8, y + 15, isTight(g) ? head : stage.text, { class: 'st' })
  text(parent, 8, y + 28, isTight(g) ? tail : texts.nearestFaults, { class: 'i2' })
  let x = g.width - 6
  for (const fault of [...stage.nearestFaults].slice(0, phone ? 2 : 4).reverse()) {
    const kind = fault.split(' ')[0] ?? fault
    const width = kind.length * 6.4 + 14
    x -= width
    const group = object(parent, `${texts.inject} ${fault} in ${column.letter}`, () => void c.store.strikeText(fault, column.opened.label), 'service')
    box(group, x, y + (g.brokers - 22) / 2, width, 22, 'chip')
    text(group, x + width / 2, y + g.brokers / 2 + 4, kind, { anchor: 'middle' })
    x -= 6
  }
  return { figures: () => undefined }
}
