/** A column's preset and the settings that decide most, as few words behind its title. */
import type { Opened } from '../src/host/api.ts'

const telling: Readonly<Record<string, (value: string) => string>> = {
  'sink.delivery-guarantee': (value) => (value === 'none' ? 'no guarantee' : value),
  'execution.checkpointing.interval': (value) => (value === 'off' ? 'no checkpoints' : `checkpoint every ${value.replace(/(\d)(?=[a-z])/, '$1\u2009')}`),
  'sink.write': (value) => `${value} writes`,
}

/** "tuned, exactly-once, checkpoint every 1 s". */
export function subtitle(opened: Opened): string {
  const preset = opened.subtitle.replace(/^preset /, '').split(',')[0] ?? ''
  const words = Object.entries(telling).flatMap(([key, word]) => {
    const knob = opened.knobs.find((one) => one.key === key)
    return knob === undefined ? [] : [word(knob.value)]
  })
  return [preset, ...words].filter((word) => word !== '').join(', ')
}
