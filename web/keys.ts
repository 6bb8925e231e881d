/** Keys of the whole page; a key meant for a field or a control never gets here. */
import type { Store } from './store.ts'

/** Listens until the answer is called. */
export function listenKeys(store: Store): () => void {
  const listener = (event: KeyboardEvent): void => {
    const target = event.target as Element | null
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || store.menu !== null) return
    if (target !== null && target.closest('input, select, textarea, dialog') !== null) return
    const onControl = target !== null && target.closest('button, summary, a, [role=button], [role=slider]') !== null
    if (event.key === ' ' && !onControl) store.toggle()
    else if (event.key === 'c' || event.key === 'C') void store.strike({ kind: 'crash', target: 'processor-1' })
    else if (event.key === 'u' || event.key === 'U') void store.undo()
    else if (event.key === 'ArrowRight') void store.step(1)
    else if (event.key === 'ArrowLeft') void store.step(-1)
    else if (event.key === 'n' || event.key === 'N') void store.nextFact()
    else return
    event.preventDefault()
  }
  document.addEventListener('keydown', listener)
  return () => document.removeEventListener('keydown', listener)
}
