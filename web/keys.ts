/** Listens for the keys of the whole page; a key meant for a field or a control never gets here. */
import { comboOf, keyRows } from './key-map.ts'
import { recall } from './local.ts'
import type { Store } from './store.ts'

/** Listens until the answer is called. */
export function listenKeys(store: Store): () => void {
  const listener = (event: KeyboardEvent): void => {
    const target = event.target as Element | null
    if (event.defaultPrevented || event.altKey || store.menu !== null || store.dialog !== '') return
    if (target !== null && target.closest('input:not([type=range]), select, textarea, dialog') !== null) return
    const combo = comboOf(event)
    // A slider keeps the keys that move it.
    if (target !== null && target.closest('input') !== null && /Arrow|Home|End/.test(combo)) return
    const onControl = target !== null && target.closest('button, summary, a, [role=button], [role=slider]') !== null
    // In the panel these scroll what is read there.
    if ((combo === 'Home' || combo === 'End') && target !== null && target.closest('aside') !== null) return
    if ((combo === 'Space' && onControl) || (isSingle(combo) && recall('letters') === 'off')) return
    const row = keyRows.find(({ combos }) => combos.includes(combo))
    if (row === undefined) return
    event.preventDefault()
    row.act(store, combo)
  }
  document.addEventListener('keydown', listener)
  return () => document.removeEventListener('keydown', listener)
}

/** A printed character without a modifier: what dictation and slips of the hand set off. */
function isSingle(combo: string): boolean {
  return combo.length === 1 && combo !== '?'
}
