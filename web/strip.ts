/** The verdict strip: up to four constraints, each with sign, measured figure against its limit, and evidence. */
import { html, type TemplateResult } from 'lit'
import type { ConstraintLine } from '../src/host/api.ts'
import type { Column } from './column-data.ts'
import { figure as blankOr, inUnit, limitText, seconds, share } from './format.ts'
import { icon } from './icons.ts'
import { texts } from './texts.ts'
import { shown, verdictOf, type Verdict } from './verdict.ts'

function figure(line: ConstraintLine, verdict: Verdict): TemplateResult {
  if (line.declared) return html`<span class="v"><small>${texts.declared}</small></span>`
  const limit = line.limit === null ? '' : `/ ${verdict.relation} ${limitText(line.limit, line.unit)}`
  // A count of damage is what has been found so far; the unsettled stand below it.
  const least = verdict.atLeast && verdict.measures === 'latency' ? '≥ ' : ''
  const value = Number.isNaN(verdict.observed) ? '–' : `${least}${inUnit(verdict.observed, line.unit)}`
  return html`<span class="v">${value} <small>${verdict.word} ${limit}</small></span>`
}

/** A constraint in the words of its scenario, as short as a cell needs them; the whole text is its title. */
function shortText(line: ConstraintLine): string {
  return line.text.replace(/ required$/, '').replace(/^zero message/, 'no message').replace(/-once$/, ' once').replace(/^(\d+)(\d{3})\b/, '$1\u2009$2')
}

function evidence(column: Column, line: ConstraintLine, verdict: Verdict, time: number): string {
  if (verdict.state === 'broken' && verdict.brokenAt !== null) return `${texts.brokenSince} ${verdict.brokenAt.toFixed(1)} s`
  if (verdict.measures === 'latency') {
    const p50 = column.value('m.visibleP50', time)
    return Number.isNaN(p50) ? texts.nothingSeen : `p50 ${seconds(p50)}`
  }
  const offered = column.value('m.offered', time)
  const unsettled = column.value('m.unsettled', time)
  if (Number.isNaN(offered)) return ''
  if (verdict.measures === 'throughput') return `${share(offered - unsettled, offered)} ${texts.settled}`
  return line.declared ? '' : `${blankOr(unsettled)} ${texts.unsettled}`
}

/** The cells of a column at `time`; `choose` is told which number the reader asks about. */
export function strip(column: Column, time: number, choose: (kind: string) => void): TemplateResult {
  return html`<div class="strip" role="group" aria-label=${`verdicts of ${column.letter}`}>
    ${shown(column.opened.constraints).map(({ line, index }) => {
      const verdict = verdictOf(column, line, index, time)
      return html`<button class=${`cell ${verdict.state} ${verdict.flipped ? 'flip' : ''}`} @click=${() => choose(verdict.measures)}>
        <span class="w">${icon(verdict.sign, 11)}<span class="name" title=${line.text}>${shortText(line)}</span><span class="unseen">${verdict.state}</span></span>
        ${figure(line, verdict)}
        <span class="e">${evidence(column, line, verdict, time)}</span></button>`
    })}</div>`
}
