/** A fault in pieces of text, from either form, and the one check that turns it into a Fault. */
import type { Nanos } from '../kernel/time.ts'
import type { Fault, Trigger, TriggerCondition } from './fault.ts'
import { faultKinds, findFaultKind, type FaultKindInfo } from './fault-kinds.ts'
import { failAll, ok, quoted, type Issue, type Result } from './issue.ts'
import { parseDuration, parsePercent } from './quantity.ts'

/** How many peers a link fault may name. */
export const faultPeersMax = 16
/** How many conditions a trigger may have: a fact has at most four numbers. */
export const faultConditionsMax = 4
/** The highest `#n` of a trigger. */
export const faultNthMax = 1_000_000_000

/** What was written, piece by piece; a piece that was not written is absent. */
export interface FaultDraft {
  kind: string
  target?: string
  arrow?: '->' | '<->'
  to: string[]
  at?: string
  on?: string
  nth?: string
  after?: string
  where: { name: string; op: string; value: string }[]
  for?: string
  factor?: string
  percent?: string
  amount?: string
  count?: string
  key?: string
  only?: string
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Report = (code: string, path: string, message: string) => null

const targetText = /^[a-zA-Z][a-zA-Z0-9]*(?:[-_./][a-zA-Z0-9]+)*(?::[0-9]{1,6})?$/
const factText = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/
const labelText = /^[a-zA-Z0-9][a-zA-Z0-9_+-]*$/
const nameText = /^[a-zA-Z][a-zA-Z0-9]*$/
const operators = ['=', '>', '<', '>=', '<='] as const
const textMax = 80
/** Words of the grammar, and anything that reads as a factor, cannot be names. */
const reserved = /^(?:at|on|after|for|only|key|where|and|to|by|x[\d.]+)$/

/** The Fault, or every issue of the draft; paths are the names of the pieces. */
export function finishFault(draft: FaultDraft): Result<Fault> {
  const issues: Issue[] = []
  const report: Report = (code, path, message) => {
    issues.push({ code, path, line: null, message })
    return null
  }
  const info = findFaultKind(draft.kind)
  if (info === undefined) {
    const kinds = faultKinds.map((row) => row.kind).join(', ')
    report('fault.kind', 'kind', `${quoted(draft.kind)} is no kind of fault: expected one of ${kinds}`)
    return failAll(issues)
  }
  const fault: Writable<Fault> = {
    kind: info.kind,
    target: checkTarget(draft, info, report),
    duration: checkLasting(draft, info, report),
  }
  checkMoment(draft, fault, report)
  if (info.strikes === 'workload') checkCommon(draft, info, report)
  checkLink(draft, info, fault, report)
  checkIntensity(draft, info, fault, report)
  if (draft.only !== undefined) {
    if (labelText.test(draft.only) && draft.only.length <= textMax) fault.only = draft.only
    else report('fault.label', 'only', `${quoted(draft.only)} is no label of a column: expected letters, digits, - and _`)
  }
  return issues.length > 0 ? failAll(issues) : ok(fault)
}

function checkTarget(draft: FaultDraft, info: FaultKindInfo, report: Report): string | null {
  const { target } = draft
  if (target === undefined) {
    if (info.target !== 'needed' || draft.on !== undefined) return null
    return report('fault.target', 'target', `${info.kind} needs a target, as in "${info.example}"`)
  }
  if (info.target === 'none') {
    return report('fault.target', 'target', `${info.kind} takes no target, found ${quoted(target)}: write it as "${info.example}"`)
  }
  return checkName(target, 'target', report)
}

function checkName(text: string, path: string, report: Report): string | null {
  if (targetText.test(text) && !reserved.test(text) && text.length <= textMax) return text
  return report('fault.target', path, `${quoted(text)} is no target: expected a role or a node, such as broker-1, leader:0 or zone-a`)
}

function checkLasting(draft: FaultDraft, info: FaultKindInfo, report: Report): Nanos | null {
  if (draft.for === undefined) return null
  if (!info.lasts) return report('fault.lasts', 'for', `${info.kind} happens at one moment and takes no "for", found ${quoted(draft.for)}`)
  return checkDuration(draft.for, 'for', report, true)
}

function checkMoment(draft: FaultDraft, fault: Writable<Fault>, report: Report): void {
  if (draft.at !== undefined && draft.on !== undefined) {
    report('fault.moment', 'at', 'expected either "at" or "on", found both')
  }
  if (draft.on === undefined) {
    if (draft.at === undefined) report('fault.moment', 'at', 'expected a moment: "at 30s" or "on CODE"')
    if (draft.nth !== undefined || draft.after !== undefined || draft.where.length > 0) {
      report('fault.moment', 'on', '"#", "where" and "after" belong to "on CODE", which is missing')
    }
  } else {
    fault.on = checkTrigger(draft, draft.on, report)
  }
  if (draft.at !== undefined) {
    const at = checkDuration(draft.at, 'at', report)
    if (at !== null) fault.at = at
  }
}

/** Births are the same for every column and known beforehand, so that no column's fact can set them off. */
function checkCommon(draft: FaultDraft, info: FaultKindInfo, report: Report): void {
  if (draft.on !== undefined) {
    report('fault.common', 'on', `${info.kind} changes the births, which are the same in every column: expected "at", found "on ${draft.on}"`)
  }
  if (draft.only !== undefined) {
    report('fault.common', 'only', `${info.kind} changes the births, which are the same in every column: expected no "only", found ${quoted(draft.only)}`)
  }
}

function checkTrigger(draft: FaultDraft, code: string, report: Report): Trigger {
  if (!factText.test(code) || code.length > textMax) {
    report('fault.fact', 'on', `${quoted(code)} is no fact code: expected one such as kafka.leader-elected`)
  }
  const nth = draft.nth === undefined ? 1 : whole(draft.nth, 1, faultNthMax, '#', report)
  const after = draft.after === undefined ? 0 as Nanos : checkDuration(draft.after, 'after', report)
  if (draft.where.length > faultConditionsMax) {
    report('fault.where', 'where', `expected at most ${faultConditionsMax} conditions, found ${draft.where.length}`)
  }
  const where = draft.where.map((condition) => checkCondition(condition, report))
  const trigger = { code, nth: nth ?? 1, after: after ?? 0 as Nanos }
  return where.length === 0 ? trigger : { ...trigger, where }
}

function checkCondition(given: FaultDraft['where'][number], report: Report): TriggerCondition {
  const op = operators.find((known) => known === given.op)
  const value = /^-?\d{1,15}(\.\d{1,6})?$/.test(given.value) ? Number(given.value) : null
  if (!nameText.test(given.name)) report('fault.where', 'where', `${quoted(given.name)} is no name of a number in a fact`)
  if (op === undefined) report('fault.where', 'where', `${quoted(given.op)} is no comparison: expected =, >, <, >= or <=`)
  if (value === null) report('fault.where', 'where', `${quoted(given.value)} is no number to compare ${given.name} with`)
  return { name: given.name, op: op ?? '=', value: value ?? 0 }
}

function checkLink(draft: FaultDraft, info: FaultKindInfo, fault: Writable<Fault>, report: Report): void {
  if (draft.arrow === undefined && draft.to.length === 0) return
  if (!info.link) {
    report('fault.link', 'to', `${info.kind} strikes no link and takes no "${draft.arrow ?? '->'}"`)
    return
  }
  if (draft.target === undefined) report('fault.link', 'target', `expected a target before "${draft.arrow ?? '->'}"`)
  if (draft.to.length === 0) report('fault.link', 'to', `expected a peer after "${draft.arrow}", such as broker-2`)
  if (draft.to.length > faultPeersMax) report('fault.link', 'to', `expected at most ${faultPeersMax} peers, found ${draft.to.length}`)
  if (new Set(draft.to).size < draft.to.length) report('fault.link', 'to', 'expected each peer once')
  for (const peer of draft.to) {
    checkName(peer, 'to', report)
    if (peer === draft.target) report('fault.link', 'to', `${quoted(peer)} has no link with itself`)
  }
  fault.to = [...draft.to]
  if (draft.arrow === '<->') fault.bothWays = true
}

function checkIntensity(draft: FaultDraft, info: FaultKindInfo, fault: Writable<Fault>, report: Report): void {
  const { kind, example } = info
  const pieces = [
    { path: 'factor', given: draft.factor, taken: info.factor, form: 'x4', required: true },
    { path: 'percent', given: draft.percent, taken: info.percent, form: '20%', required: true },
    { path: 'amount', given: draft.amount, taken: info.amount, form: '200ms', required: true },
    { path: 'count', given: draft.count, taken: info.count, form: '3', required: false },
    { path: 'key', given: draft.key, taken: info.key ? {} : null, form: 'key 17', required: false },
  ]
  for (const { path, given, taken, form, required } of pieces) {
    if (given !== undefined && taken === null) {
      report('fault.intensity', path, `${kind} takes no ${path} such as ${form}, found ${quoted(given)}: write it as "${example}"`)
    } else if (given === undefined && taken !== null && required) {
      report('fault.intensity', path, `${kind} needs a ${path} such as ${form}, as in "${example}"`)
    }
  }
  if (draft.factor !== undefined && info.factor !== null) {
    const factor = /^\d{1,6}(\.\d{1,3})?$/.test(draft.factor) ? Number(draft.factor) : NaN
    const { min, max } = info.factor
    if (factor >= min && factor <= max) fault.factor = factor
    else report('fault.factor', 'factor', `${quoted(`x${draft.factor}`)} is no factor for ${kind}: expected x${min} to x${max}, at most three decimals`)
  }
  if (draft.percent !== undefined && info.percent !== null) {
    const percent = parsePercent(draft.percent)
    const { min, max } = info.percent
    if (percent.ok && percent.value >= min && percent.value <= max) fault.percent = percent.value
    else report('fault.percent', 'percent', `${quoted(draft.percent)} is no share for ${kind}: expected a whole per cent from ${min}% to ${max}%`)
  }
  if (draft.amount !== undefined && info.amount !== null) {
    const amount = checkDuration(draft.amount, 'amount', report, true)
    if (amount !== null) fault.amount = amount
  }
  if (info.count !== null) {
    const count = draft.count === undefined ? 1 : whole(draft.count, 1, info.count.max, 'count', report)
    if (count !== null) fault.count = count
  }
  if (draft.key !== undefined && info.key) {
    const key = whole(draft.key, 0, faultNthMax, 'key', report)
    if (key !== null) fault.key = key
  }
}

function whole(text: string, min: number, max: number, path: string, report: Report): number | null {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  if (value >= min && value <= max) return value
  return report('fault.number', path, `${quoted(text)} is no whole number from ${min} to ${max}`)
}

function checkDuration(text: string, path: string, report: Report, positive = false): Nanos | null {
  const parsed = parseDuration(text)
  if (parsed.ok && positive && parsed.value === 0) {
    return report('duration.zero', path, `${quoted(text)} is no time at all: expected more than 0s`)
  }
  if (parsed.ok) return parsed.value
  for (const { code, message } of parsed.issues) report(code, path, message)
  return null
}
