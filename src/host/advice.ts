/** What a page is told of each cause of a column: in words, and what to set next against it. */
import type { Recipe } from '../contract/architecture.ts'
import { findCause } from '../contract/cause.ts'
import type { Knob } from '../contract/knob.ts'
import { formatDuration, formatSize } from '../contract/quantity.ts'
import { waits, type Remedy } from '../contract/remedy.ts'
import { invariant, nanos } from '../kernel/index.ts'
import { parseKnob, type KnobSettings } from '../run/settings.ts'
import type { CauseAdvice, SettingAdvice } from './api.ts'

/** Advice on every cause and wait of a recipe, judged against these settings. */
export function adviceOf({ remedies, knobs }: Recipe, settings: KnobSettings): CauseAdvice[] {
  return Object.entries(remedies).map(([code, advice]) => {
    const cause = findCause(code)
    return {
      code, text: cause?.text ?? waits[code as keyof typeof waits], source: cause?.source ?? '',
      settings: (advice.settings ?? []).map((remedy) => judged(remedy, knobOf(knobs, remedy.key), settings)),
      nothing: advice.nothing ?? null,
    }
  })
}

function knobOf(knobs: readonly Knob[], key: string): Knob {
  const knob = knobs.find((candidate) => candidate.key === key)
  invariant(knob !== undefined, 'host.remedy-knob', key)
  return knob
}

function judged({ key, value, bound, why }: Remedy, knob: Knob, settings: KnobSettings): SettingAdvice {
  const now = valueOf(knob, settings.written(key))
  const wanted = valueOf(knob, value)
  const isAbove = typeof now === 'number' && typeof wanted === 'number' && now >= wanted
  const isBelow = typeof now === 'number' && typeof wanted === 'number' && now <= wanted
  const holds = bound === 'least' ? isAbove : bound === 'most' ? isBelow : now === wanted
  return { key, holds, why, value: holds ? further(knob, now, bound) : value }
}

function valueOf(knob: Knob, text: string) {
  const parsed = parseKnob(knob, text)
  invariant(parsed.ok, 'host.remedy-value', `${knob.key} ${text}`)
  return parsed.value
}

/** Half of what is set, or twice; null where that is no other value of this knob. */
function further(knob: Knob, now: number | string | boolean, bound: Remedy['bound']): string | null {
  if (typeof now !== 'number' || bound === 'is') return null
  const next = Math.round(bound === 'most' ? now / 2 : now * 2)
  const text = next === now || !Number.isSafeInteger(next) ? null : textOf(knob, next)
  return text !== null && parseKnob(knob, text).ok ? text : null
}

function textOf({ type }: Knob, value: number): string {
  if (type.kind === 'size') return formatSize(value)
  if (type.kind !== 'duration') return String(value)
  const unit = type.bare === 'ms' ? 1e6 : type.bare === 's' ? 1e9 : 0
  return unit === 0 ? formatDuration(nanos(value)) : String(Math.max(1, Math.round(value / unit)))
}
