/** The verdict strip: up to four constraints, each with sign, measured figure against its limit, and evidence. */
import { html, type TemplateResult } from 'lit'
import type { ConstraintLine } from '../src/host/api.ts'
import type { Column } from './column-data.ts'
import { count, inUnit, limitText, seconds, share, unknown } from './format.ts'
import { icon } from './icons.ts'
import { texts } from './texts.ts'
import { shown, verdictOf, type Verdict } from './verdict.ts'

function figure(line: ConstraintLine, verdict: Verdict): TemplateResult {
  if (line.declared) return html`<span class="v"><small>${texts.declared}</small></span>`
  const limit = line.limit === null ? '' : `/ ${verdict.relation} ${limitText(line.limit, line.unit)}`
  const value = Number.isNaN(verdict.observed) ? unknown : `${verdict.atLeast ? '≥ ' : ''}${inUnit(verdict.observed, line.unit)}`
  return html`<span class="v">${value} <small>${verdict.word} ${limit}</small></span>`
}

function evidence(column: Column, line: ConstraintLine, verdict: Verdict, time: number): string {
  if (verdict.state === 'broken' && verdict.brokenAt !== null) return `${texts.brokenSince} ${verdict.brokenAt.toFixed(1)} s`
  if (verdict.measures === 'latency') {
    const p50 = column.value('m.visibleP50', time)
    return Number.isNaN(p50) ? `p50 ${unknown}` : `p50 ${seconds(p50)}`
  }
  const offered = column.value('m.offered', time)
  const unsettled = column.value('m.unsettled', time)
  if (verdict.measures === 'throughput') return `${share(offered - unsettled, offered)} ${texts.settled}`
  return line.declared ? '' : `${count(unsettled)} ${texts.unsettled}`
}

/** The cells of a column at `time`; `choose` is told which number the reader asks about. */
export function strip(column: Column, time: number, choose: (kind: string) => void): TemplateResult {
  return html`<div class="strip" role="group" aria-label=${`verdicts of ${column.letter}`}>
    ${shown(column.opened.constraints).map(({ line, index }) => {
      const verdict = verdictOf(column, line, index, time)
      return html`<button class=${`cell ${verdict.state} ${verdict.flipped ? 'flip' : ''}`} @click=${() => choose(verdict.measures)}>
        <span class="w">${icon(verdict.sign, 11)}<span class="name">${line.text}</span><span class="unseen">${verdict.state}</span></span>
        ${figure(line, verdict)}
        <span class="e">${evidence(column, line, verdict, time)}</span></button>`
    })}</div>`
}
