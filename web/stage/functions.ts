/** Row 4 for functions: one poller cell a shard, its level the next batch; one square an environment. */
import type { Moment } from '../column-data.ts'
import { clock, count } from '../format.ts'
import { texts } from '../texts.ts'
import { make, nameObject, object, set, text, write } from '../svg.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'

const environmentWords = ['not there', 'frozen', 'executing', 'starting', 'struck']

export function drawFunctions(parent: Element, c: StageContext, counts: { pollers: number; environments: number }): StagePart {
  const pollers = drawPollers(parent, c, counts.pollers)
  const environments = drawEnvironments(parent, c, counts.environments)
  return {
    figures(frame, time) {
      pollers.figures(frame, time)
      environments.figures(frame, time)
    },
  }
}

function drawPollers(parent: Element, c: StageContext, number: number): StagePart {
  const { g, rows, column } = c
  const top = rows.processing
  const pitch = Math.min(g.pollerPitch, g.width / Math.max(1, number))
  const width = Math.max(2, pitch - (g.pollerPitch - g.poller))
  text(parent, 0, top + 10, texts.mapping, { class: 'st' })
  text(parent, g.width, top + 10, g.name === 'phone' ? `${number} pollers` : `${number} pollers, ${texts.level}`, { class: 'i3', anchor: 'end' })
  const tall = g.pollerHeight
  const note = text(parent, 0, top + 28 + tall, '', { class: 'i2' })
  const cells = Array.from({ length: number }, (_, i) => {
    const x = i * pitch
    const group = object(parent, `poller ${i}`, strikeMenu(c, texts.mapping, ['processor', 'kinesis', `shard:${i}`], 'poller'), 'poller')
    const outline = make(group, 'rect', { x: x + 0.5, y: top + 15.5, width: width - 1, height: tall, rx: 2, class: 'poller' })
    const batch = make(group, 'rect', { x: x + 1.5, y: top + 15 + tall, width: Math.max(0.5, width - 3), height: 0, class: `soft-${column.look}` })
    const level = make(group, 'rect', { x: x + 1.5, y: top + 15 + tall, width: Math.max(0.5, width - 3), height: 0, class: `fill-${column.look}` })
    const slot = (what: string): number => column.slot(`poller.${i}.${what}`)
    return { group, outline, level, batch, share: slot('level'), executing: slot('batch'), retries: slot('retries'), blocked: slot('blocked') }
  })
  return {
    figures(frame) {
      let worst = -1
      let most = 0
      cells.forEach((cell, i) => {
        const share = Math.max(0, Math.min(1, at(frame, cell.share) || 0))
        const retries = at(frame, cell.retries)
        const hit = retries > 0 || at(frame, cell.blocked) === 1
        const executing = Math.max(0, Math.min(1, at(frame, cell.executing) || 0))
        const floor = top + 14.5 + tall
        // What executes lies below what waits for the next batch; together they may exceed a batch.
        const low = executing * (tall - 2)
        const high = Math.min(share * (tall - 2), tall - 2 - low)
        set(cell.batch, 'height', low)
        set(cell.batch, 'y', floor - low)
        set(cell.level, 'height', high)
        set(cell.level, 'y', floor - low - high)
        set(cell.outline, 'class', hit ? 'poller retried' : 'poller')
        nameObject(cell.group, `poller of shard ${i}, ${texts.batchNow(executing, share)}${retries > 0 ? `, ${retries} retries` : ''}`)
        if (retries > most) [worst, most] = [i, retries]
      })
      const x = worst * pitch
      set(note, 'x', Math.min(x, g.width - 130))
      write(note, worst < 0 ? '' : `shard ${worst}: ${count(most)} ${most === 1 ? 'retry' : 'retries'}`)
    },
  }
}

/** More environments than fit are counted, not drawn. */
const drawnMax = 66

function drawEnvironments(parent: Element, c: StageContext, all: number): StagePart {
  const number = Math.min(all, drawnMax)
  const { g, rows, column } = c
  const perRow = number > 44 ? Math.ceil(number / 2) : number
  const pitch = Math.min(g.environmentPitch, (g.width - 4) / Math.max(1, perRow))
  const size = Math.min(g.environment, pitch - 2)
  const top = rows.processing + 44 + g.pollerHeight
  text(parent, 0, top - 5, texts.environments, { class: 'st' })
  const sum = text(parent, g.width, top - 5, '', { class: 'i3', anchor: 'end' })
  const story = text(parent, 0, top + 17 + Math.ceil(number / perRow) * pitch, '', { class: 'i2' })
  const executingSlot = column.slot('fn.executing')
  const squares = Array.from({ length: number }, (_, i) => {
    const x = 2 + (i % perRow) * pitch
    const y = top + Math.floor(i / perRow) * pitch + 1
    const group = object(parent, `environment ${i + 1}`, strikeMenu(c, texts.environments, ['processor', 'processor-1', `environment-${i + 1}`], 'environment'), 'environment')
    const square = make(group, 'rect', { x: x + 0.5, y: y + 0.5, width: size - 1, height: size - 1, class: 'env' })
    const ring = make(group, 'rect', { x: x - 1.5, y: y - 1.5, width: size + 3, height: size + 3, class: 'env-ring' })
    return { group, square, ring, state: column.slot(`env.${i}.state`), incarnation: column.slot(`env.${i}.incarnation`) }
  })
  return {
    figures(frame, time) {
      const died = diedBefore(c.column, time)
      const tally = [0, 0, 0, 0, 0]
      let renewed = died[0] === undefined ? '' : texts.atTime(died[0].text, clock(died[0].at))
      squares.forEach((item, i) => {
        const state = at(frame, item.state)
        const incarnation = at(frame, item.incarnation)
        if (!Number.isNaN(state)) tally[state] = (tally[state] ?? 0) + 1
        const isStruck = state === 4 || died.some((moment) => moment.which === i + 1)
        set(item.square, 'class', `env env-${isStruck ? 4 : Number.isNaN(state) ? 0 : state}`)
        set(item.ring, 'visibility', isStruck ? 'visible' : 'hidden')
        const again = incarnation > 1 ? `, incarnation ${incarnation}` : ''
        if (state === 4 && renewed === '') renewed = `${i + 1}: ${texts.died}${again}`
        nameObject(item.group, `environment ${i + 1}, ${isStruck ? environmentWords[4] : environmentWords[state] ?? 'unknown'}${again}`)
      })
      const [, frozen = 0, seen = 0, starting = 0] = tally
      const counted = at(frame, executingSlot)
      const executing = Number.isNaN(counted) ? seen : counted
      const warm = frozen + executing + starting
      write(sum, g.name === 'phone'
        ? `${executing} of ${warm} executing`
        : `${warm} warm, ${executing} executing, ${frozen} frozen${starting > 0 ? `, ${starting} starting` : ''}`)
      write(story, renewed)
    },
  }
}

/** Struck environments stay marked this long, seconds: what died is at once replaced. */
const markedSeconds = 6

/** Deaths of the last seconds, the latest first. */
function diedBefore(column: StageContext['column'], time: number): Moment[] {
  const found: Moment[] = []
  for (let i = column.moments.length - 1; i >= 0; i--) {
    const moment = column.moments[i]!
    if (moment.at < time - markedSeconds) break
    if (moment.kind === 'died' && moment.at <= time) found.push(moment)
  }
  return found
}
