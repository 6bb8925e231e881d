/** Fault texts: what a click writes into the RunSpec, and when an entry of it acts. */

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
}

/** The text of a fault, the same as in files and on the command line. */
export function faultText(strike: Strike): string {
  const known = usualOf(strike.kind)
  const lasts = !known.mayLast ? null : strike.lasts === undefined ? known.lasts : strike.lasts
  return [
    strike.kind,
    known.noTarget ? '' : strike.target,
    known.amount,
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

const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** When a written fault acts and for how long, in seconds; null where only a run can tell. */
export function faultTimes(text: string): { readonly at: number | null; readonly lasts: number | null } {
  return { at: timeAfter(text, 'at'), lasts: timeAfter(text, 'for') }
}

function timeAfter(text: string, word: string): number | null {
  return secondsOf(new RegExp(`\\b${word} (\\S+)`).exec(text)?.[1] ?? '')
}

/** A written time ("500ms") in seconds, null when it is none. */
export function secondsOf(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)$/.exec(text)
  return found === null ? null : Number(found[1]) * (units[found[2]!] ?? Number.NaN)
}

/** A fault without its time, as its label on the track: "crash processor-1". */
export function faultName(text: string): string {
  return text.replace(/ (at|on|for|after) .*$/, '')
}
