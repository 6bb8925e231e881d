/** The keys of the whole page: one table that the page listens by and that the map of keys shows. */
import { present } from './first/address.ts'
import { surprise } from './first/surprise.ts'
import { faster, slower } from './player.ts'
import type { Store } from './store.ts'
import { texts } from './texts.ts'

export interface KeyRow {
  /** Combinations as `comboOf` names them; any of them acts. */
  readonly combos: readonly string[]
  readonly text: string
  act(store: Store, combo: string): void
}

export const keyRows: readonly KeyRow[] = [
  { combos: ['Space'], text: texts.keyPlay, act: (store) => store.toggle() },
  { combos: ['ArrowLeft', 'ArrowRight'], text: texts.keyFrame, act: (store, combo) => void store.step(combo === 'ArrowLeft' ? -1 : 1) },
  { combos: ['Shift+ArrowLeft', 'Shift+ArrowRight'], text: texts.keySecond, act: (store, combo) => void store.step(combo === 'Shift+ArrowLeft' ? -10 : 10) },
  { combos: ['Home', 'End'], text: texts.keyEnds, act: (store, combo) => store.seek(combo === 'Home' ? 0 : store.bounds.reached) },
  { combos: ['-', '+'], text: texts.keySpeed, act: (store, combo) => store.setSpeed((combo === '-' ? slower : faster)(store.play.speed)) },
  { combos: ['.'], text: texts.keyRecord, act: (store) => void store.nextRecord() },
  { combos: ['n'], text: texts.keyMoment, act: (store) => void store.nextFact() },
  { combos: ['f'], text: texts.keyFault, act: (store) => void store.nextFault() },
  { combos: ['c'], text: texts.keyCrash, act: (store) => void store.strike({ kind: 'crash', target: 'processor-1' }) },
  { combos: ['b'], text: texts.keyBreak, act: (store) => store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null }) },
  { combos: ['l'], text: texts.keyList, act: (store) => store.showDialog('faults') },
  { combos: ['u', 'Ctrl+z'], text: texts.keyUndo, act: (store) => void store.undo() },
  { combos: ['Ctrl+Shift+z', 'Ctrl+y'], text: texts.keyRedo, act: (store) => void store.redo() },
  { combos: ['g'], text: texts.keyGhost, act: (store) => store.toggleGhost() },
  { combos: ['m'], text: texts.fidelityKey, act: (store) => store.showDialog('fidelity') },
  { combos: ['s'], text: texts.keyShare, act: (store) => store.showDialog('share') },
  { combos: ['d'], text: texts.keyScenes, act: (store) => store.showDialog('scenes') },
  { combos: ['x'], text: texts.keySurprise, act: (store) => void surprise(store) },
  { combos: ['p'], text: texts.keyPresent, act: (store) => present(store, !store.presents) },
  { combos: ['?'], text: texts.keyMapKey, act: (store) => store.showDialog('keys') },
]

/** The name of what was pressed: "Ctrl+Shift+z", "Shift+ArrowLeft", "?"; letters in small, signs as they come out. */
export function comboOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key
  const isCommand = event.ctrlKey || event.metaKey
  const isSign = key.length === 1 && !/[a-z]/.test(key)
  return `${isCommand ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && !isSign ? 'Shift+' : ''}${key}`
}

/** How a combination is shown to people. */
export function comboText(combo: string): string {
  const signs: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', '-': '−' }
  return combo.split(/\+(?=.)/).map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(' ')
}
