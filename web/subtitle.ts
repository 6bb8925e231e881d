/** A column's preset and the settings that decide most, as few words behind its title. */
import type { Opened } from '../src/host/api.ts'

const telling: Readonly<Record<string, (value: string) => string>> = {
  'sink.delivery-guarantee': (value) => (value === 'none' ? 'no guarantee' : value),
  'execution.checkpointing.interval': (value) => (value === 'off' ? 'no checkpoints' : `checkpoint every ${value.replace(/(\d)(?=[a-z])/, '$1\u2009')}`),
  'sink.write': (value) => `${value} writes`,
}
/** Most settings that are named because a column of the same architecture has others. */
const apartMax = 2

/** "tuned, exactly-once, checkpoint every 1 s"; beside its like also what sets it apart: "tuned, acks=1". */
export function subtitle(opened: Opened, all: readonly Opened[] = []): string {
  const preset = opened.subtitle.replace(/^preset /, '').split(',')[0] ?? ''
  const words = Object.entries(telling).flatMap(([key, word]) => {
    const knob = opened.knobs.find((one) => one.key === key)
    return knob === undefined ? [] : [word(knob.value)]
  })
  const like = all.filter((other) => other !== opened && other.architecture === opened.architecture)
  const apart = opened.knobs.filter(({ key, value }) => telling[key] === undefined
    && like.some((other) => other.knobs.some((knob) => knob.key === key && knob.value !== value)))
  return [preset, ...words, ...apart.slice(0, apartMax).map(({ key, value }) => `${key}=${value}`)].filter((word) => word !== '').join(', ')
}
