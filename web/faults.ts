/** Fault texts: what a click writes into the RunSpec, when an entry of it acts, and what an edit makes of it. */
import { formatFault, parseFault, type Fault } from '../src/host/api.ts'

/** Texts that were read before; the same few are asked for on every frame. */
const read = new Map<string, Fault | null>()
const readMax = 500

/** What the page writes behind the target of a kind, and how long it lasts when nothing else is chosen. */
interface Usual {
  readonly amount: string
  /** Seconds; null: the platform ends it, or it is an instant. */
  readonly lasts: number | null
  /** False for kinds that are an instant and take no duration. */
  readonly mayLast: boolean
  /** True for kinds that take no target. */
  readonly noTarget: boolean
  /** True for kinds that change what is born, which is the same in all columns. */
  readonly everywhere: boolean
}

const plainUsual: Usual = { amount: '', lasts: null, mayLast: true, noTarget: false, everywhere: false }
const usual: Readonly<Record<string, Partial<Usual>>> = {
  pause: { lasts: 10 }, slow: { amount: 'x4', lasts: 10 }, cut: { lasts: 5 }, delay: { amount: '200ms', lasts: 10 },
  loss: { amount: '5%', lasts: 10 }, 'zone-outage': { lasts: 20 }, 'disk-slow': { amount: 'x10', lasts: 10 },
  'disk-full': { lasts: 10 }, 'clock-skew': { amount: '2s', lasts: 30 }, throttle: { amount: '20%', lasts: 10 },
  'error-rate': { amount: '25%', lasts: 10 }, spike: { amount: 'x3', lasts: 10, everywhere: true },
  'hot-key': { amount: '20%', lasts: 20, noTarget: true, everywhere: true },
  poison: { mayLast: false, everywhere: true },
  'late-burst': { amount: '10% 30s', lasts: 5, everywhere: true }, 'checkpoint-fail': { lasts: 10 }, rebalance: { mayLast: false },
  deploy: { mayLast: false },
}

/** What is usual for a kind; a kind that is not known takes a target and no more. */
export function usualOf(kind: string): Usual {
  return { ...plainUsual, ...usual[kind] }
}

/** Seconds as a fault's time text: whole milliseconds, no exponent. */
export function timeText(seconds: number): string {
  const ms = Math.round(seconds * 1000)
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

export interface Strike {
  readonly kind: string
  readonly target: string
  /** Seconds of simulated time, already bound to a whole millisecond. */
  readonly at: number
  /** Seconds; null leaves the end to the platform, undefined takes the usual length. */
  readonly lasts?: number | null
  /** The one label that is struck; all when absent. */
  readonly only?: string
  /** How strong, as it is written; the usual when absent. */
  readonly amount?: string
  /** Peers of a link fault, as written: "-> broker-2"; everybody when absent. */
  readonly link?: string
}

/** The text of a fault, the same as in files and on the command line. */
export function faultText(strike: Strike): string {
  const known = usualOf(strike.kind)
  const lasts = !known.mayLast ? null : strike.lasts === undefined ? known.lasts : strike.lasts
  return [
    strike.kind,
    known.noTarget ? '' : strike.target,
    strike.link ?? '',
    strike.amount ?? known.amount,
    `at ${timeText(strike.at)}`,
    lasts === null ? '' : `for ${timeText(lasts)}`,
    strike.only === undefined || known.everywhere ? '' : `only ${strike.only}`,
  ].filter((part) => part !== '').join(' ')
}

/** The usual length of a fault that is written without one: " for 10s", or nothing. */
export function lastingText(fault: string): string {
  const { lasts } = usualOf(fault.split(' ')[0] ?? '')
  return lasts === null ? '' : ` for ${timeText(lasts)}`
}

/** A written fault as data, null where it is none. */
export function readFault(text: string): Fault | null {
  const known = read.get(text)
  if (known !== undefined) return known
  const parsed = parseFault(text)
  const fault = parsed.ok ? parsed.value : null
  if (read.size >= readMax) read.clear()
  read.set(text, fault)
  return fault
}

/** When a written fault acts and for how long, in seconds; null where only a run can tell. */
export function faultTimes(text: string): { readonly at: number | null; readonly lasts: number | null } {
  const fault = readFault(text)
  return { at: fault?.at === undefined ? null : fault.at / 1e9, lasts: fault === null || fault.duration === null ? null : fault.duration / 1e9 }
}

/** The pieces of a fault as they are written; empty where there is none. */
export interface FaultParts {
  readonly kind: string
  readonly target: string
  /** "-> broker-2" and the like. */
  readonly link: string
  /** "x4", "20%", "200ms" and the like. */
  readonly amount: string
  /** "at 30s" or "on kafka.leader-elected after 30s". */
  readonly moment: string
  /** "for 10s". */
  readonly lasting: string
  /** "only eo". */
  readonly only: string
}

/** Takes a fault apart into the texts of its pieces. */
export function partsOf(fault: Fault): FaultParts {
  const { kind, target, duration } = fault
  const written = (names: readonly (keyof Fault)[]): string => {
    const picked = Object.fromEntries(names.flatMap((name) => (fault[name] === undefined ? [] : [[name, fault[name]]])))
    return formatFault({ kind, target: null, duration: null, ...picked }).slice(kind.length).trim()
  }
  return {
    kind, target: target ?? '', link: written(['to', 'bothWays']), amount: written(['factor', 'percent', 'amount', 'count', 'key']),
    moment: written(['at', 'on']), lasting: duration === null ? '' : written(['duration']), only: written(['only']),
  }
}

/** The text of a fault with other pieces. */
export function withParts(parts: FaultParts, other: Partial<FaultParts>): string {
  const all = { ...parts, ...other }
  return [all.kind, all.target, all.link, all.amount, all.moment, all.lasting, all.only].filter((part) => part !== '').join(' ')
}

/** Moves a fault or changes its length, in seconds; one that waits for a fact keeps its moment. */
export function retimed(text: string, to: { readonly at?: number; readonly lasts?: number | null }): string {
  const fault = readFault(text)
  if (fault === null) return text
  return withParts(partsOf(fault), {
    ...(to.at === undefined || fault.at === undefined ? {} : { moment: `at ${timeText(Math.max(0, to.at))}` }),
    ...(to.lasts === undefined || !usualOf(fault.kind).mayLast ? {} : { lasting: to.lasts === null || to.lasts <= 0 ? '' : `for ${timeText(to.lasts)}` }),
  })
}

/** A fault without its time, as its label on the track: "crash processor-1". */
export function faultName(text: string): string {
  return text.replace(/ (at|on|for|after) .*$/, '')
}
