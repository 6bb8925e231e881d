/**
 * One record's life as a space-time diagram: a vertical line per process, time downwards, messages as slanted lines.
 * The steps of time are not to scale: milliseconds and outages stand in one picture, so a gap says how long it is.
 * Pure: lines and a width in, marks out.
 */
import type { LifeLine } from '../../src/host/api.ts'
import { seconds } from '../format.ts'

/** More processes than fit are left to the text. */
export const processesMax = 9
/** Names stand in so many rows, so that they clear each other. */
export const namesRows = 3
const head = 46
const foot = 12
const axis = 58
/** Height of a step by the seconds that it stands for. */
const steps: readonly (readonly [seconds: number, pixels: number])[] = [[0.001, 15], [0.01, 19], [0.1, 23], [1, 28], [Infinity, 40]]
/** A longer gap is written beside the axis. */
const gapSeconds = 1
/** A message is under way for milliseconds: what lies longer between has been waiting at the sender. */
const slant = 23

export interface DiagramRow {
  /** Index of its line in the life. */
  readonly line: number
  readonly y: number
  /** Seconds since the birth. */
  readonly after: number
  /** What the axis says here; empty where it says so already. */
  readonly text: string
  /** Seconds since the row before, where that is long. */
  readonly gap: number | null
}

export interface DiagramMark {
  readonly line: number
  readonly x: number
  readonly y: number
  readonly sign: 'born' | 'dot' | 'again' | 'seen' | 'gone' | 'died' | 'started'
  readonly copy: number
}

export interface DiagramArrow {
  readonly line: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
  readonly copy: number
  /** Where it had come to the sender: from there on down to y1 it stood there. */
  readonly since: number
  /** False where the way between is not told hop by hop. */
  readonly told: boolean
}

export interface Diagram {
  readonly width: number
  readonly height: number
  readonly processes: readonly { readonly name: string; readonly x: number }[]
  readonly rows: readonly DiagramRow[]
  readonly marks: readonly DiagramMark[]
  readonly arrows: readonly DiagramArrow[]
  /** Stretches in which a process was dead. */
  readonly dead: readonly { readonly x: number; readonly y1: number; readonly y2: number }[]
}

/** What befell a process, as far as a diagram shows it; some products say more of a death than that it was one. */
function fateOf(code: string): 'died' | 'started' | undefined {
  if (/[.-]died$/.test(code)) return 'died'
  return code === 'process.started' ? 'started' : undefined
}

/** What a reader of a life wants to see at once: what happens to the record, and deaths and starts of processes. */
export function isTold({ kind, code }: LifeLine): boolean {
  return kind !== 'headline' || fateOf(code) !== undefined
}

/** Lines that have a place in the diagram: told ones of which the place is known. */
function isDrawn(line: LifeLine): boolean {
  return line.where !== '' && isTold(line)
}

/** Processes from left to right: where it was born, then as the record comes to them, readers last. */
function placesOf(lines: readonly LifeLine[]): string[] {
  const own = lines.filter((line) => isDrawn(line) && line.kind !== 'headline')
  const names = own.flatMap((line) => (line.from === null ? [line.where] : [line.from.where, line.where]))
  const fated = lines.filter((line) => line.kind === 'headline' && isDrawn(line)).map((line) => line.where)
  const readers = new Set(own.filter((line) => line.kind === 'visible').map((line) => line.where))
  const all = [...new Set([...names, ...fated])]
  const ordered = [...all.filter((name) => !readers.has(name)), ...readers]
  // Of too many, those stay that the record was born at, is read from, or came to most often; the order stays.
  const weight = (name: string): number => (name === ordered[0] || readers.has(name) ? Infinity : names.filter((other) => other === name).length)
  const kept = new Set(ordered.toSorted((a, b) => (weight(a) === weight(b) ? 0 : weight(b) > weight(a) ? 1 : -1)).slice(0, processesMax))
  return ordered.filter((name) => kept.has(name))
}

export function diagramOf(lines: readonly LifeLine[], width: number): Diagram {
  const places = placesOf(lines)
  const gap = (width - axis - 24) / Math.max(1, places.length - 1)
  const xOf = new Map(places.map((name, i) => [name, axis + 12 + i * gap]))
  const drawn = lines.map((line, index) => ({ line, index })).filter(({ line }) => isDrawn(line) && xOf.has(line.where))
  const born = lines[0]?.at ?? 0
  const rows: DiagramRow[] = []
  /** y of every moment that something stands at: of lines, and of messages sent in between. */
  const moments: { at: number; y: number }[] = []
  let y = head
  let before = born
  let said = ''
  for (const { line, index } of drawn) {
    const passed = line.at - before
    if (rows.length > 0) y += steps.find(([most]) => passed < most)![1]
    const after = line.at - born
    const text = after === 0 ? '' : `+${seconds(after)}`
    rows.push({ line: index, y, after, text: text === said ? '' : text, gap: rows.length > 0 && passed >= gapSeconds ? passed : null })
    said = text
    moments.push({ at: line.at, y })
    before = line.at
  }
  const yAt = (at: number): number => heightAt(moments, at)
  const marks: DiagramMark[] = drawn.map(({ line, index }, i) => ({ line: index, x: xOf.get(line.where)!, y: rows[i]!.y, sign: signOf(line), copy: line.copy }))
  return {
    width, height: y + foot, processes: places.map((name) => ({ name, x: xOf.get(name)! })), rows, marks,
    arrows: arrowsOf(drawn, rows, xOf, yAt), dead: deadOf(marks, y + foot),
  }
}

/** Between two known moments in proportion to the time. */
function heightAt(moments: readonly { at: number; y: number }[], at: number): number {
  const next = moments.findIndex((moment) => moment.at >= at)
  if (next < 0) return moments.at(-1)?.y ?? head
  const [a, b] = [moments[next - 1], moments[next]!]
  if (a === undefined || b.at === at || b.at === a.at) return b.y
  return a.y + ((b.y - a.y) * (at - a.at)) / (b.at - a.at)
}

function signOf({ kind, code }: LifeLine): DiagramMark['sign'] {
  switch (kind) {
    case 'born': return 'born'
    case 'again': return 'again'
    case 'visible': return 'seen'
    case 'gone': return 'gone'
    case 'headline': return fateOf(code) ?? 'dot'
    case 'answer':
    case 'hop': return 'dot'
    default: {
      const rest: never = kind
      return rest
    }
  }
}

/** Messages that are told; and to a reader, which nobody sends to, a line from where the copy was last. */
function arrowsOf(
  drawn: readonly { line: LifeLine; index: number }[], rows: readonly DiagramRow[], xOf: ReadonlyMap<string, number>, yAt: (at: number) => number,
): DiagramArrow[] {
  const arrows: DiagramArrow[] = []
  const hasHops = drawn.some(({ line }) => line.from !== null)
  for (const [i, { line, index }] of drawn.entries()) {
    const { copy } = line
    const to = { x2: xOf.get(line.where)!, y2: rows[i]!.y }
    const from = line.from === null ? undefined : xOf.get(line.from.where)
    if (line.from !== null && from !== undefined) {
      const since = yAt(line.from.at)
      arrows.push({ line: index, x1: from, y1: Math.max(since, to.y2 - slant), ...to, since, copy, told: true })
      continue
    }
    if (line.kind !== 'visible' && (line.kind !== 'again' || hasHops)) continue
    const last = drawn.findLastIndex(({ line: other }, k) => k < i && other.where !== line.where && isOnTheWay(other) && (line.kind === 'again' || other.copy === copy))
    if (last >= 0) arrows.push({ line: index, x1: xOf.get(drawn[last]!.line.where)!, y1: rows[last]!.y, ...to, since: rows[last]!.y, copy, told: false })
  }
  return arrows
}

function isOnTheWay({ kind }: LifeLine): boolean {
  return kind === 'born' || kind === 'again' || kind === 'hop'
}

/** From each death to the next start of the same process, or to the end. */
function deadOf(marks: readonly DiagramMark[], end: number): Diagram['dead'] {
  return marks.filter(({ sign }) => sign === 'died').map(({ x, y }) => {
    const back = marks.find((mark) => mark.sign === 'started' && mark.x === x && mark.y > y)
    return { x, y1: y, y2: back?.y ?? end }
  })
}

/** Where the time until it was visible went: from each of its lines to the next. */
export interface Leg {
  readonly line: number
  readonly seconds: number
}

/** The first time that this reader could see it, else that any could; -1 while none can. */
export function seenAt(lines: readonly LifeLine[], reader: string): number {
  const own = lines.findIndex((line) => line.kind === 'visible' && line.where === reader)
  return own >= 0 ? own : lines.findIndex((line) => line.kind === 'visible')
}

export function legsOf(lines: readonly LifeLine[], reader: string): Leg[] {
  const seen = seenAt(lines, reader)
  const legs: Leg[] = []
  let before = lines[0]?.at ?? 0
  for (const [index, line] of lines.entries()) {
    if (index === 0 || index > seen || line.kind === 'headline' || line.kind === 'answer') continue
    legs.push({ line: index, seconds: line.at - before })
    before = line.at
  }
  return legs
}

/** A process in the few letters that stand over its line. */
export function shortName(name: string): string {
  return name.replace(/^taskmanager-/, 'TM ').replace(/^jobmanager$/, 'JM').replace(/^broker-/, 'broker ').replace(/^source-/, 'source ')
    .replace(/^environment-/, 'env ').replace(/^event-source-mapping$/, 'mapping').replace(/^worker-/, 'worker ').replace(/^.*\/read_/, '').replace(/^.*\/table$/, 'table')
}
