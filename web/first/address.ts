/** Words in the address's query: shown by a projector, faults that nobody is told of. */
import type { Store } from '../store.ts'

/** What is opened was sent as a surprise: its faults stay hidden until somebody asks. */
export function isSurprise(): boolean {
  return new URLSearchParams(location.search).has('surprise')
}

/** Whether the address asks for the projector. */
export function isPresent(): boolean {
  return new URLSearchParams(location.search).has('present')
}

/** Sets or takes away a word of the query; the fragment stays. */
export function setQuery(word: 'present' | 'surprise', on: boolean): void {
  const query = new URLSearchParams(location.search)
  if (on) query.set(word, '')
  else query.delete(word)
  const text = query.toString().replace(/=(?=&|$)/g, '')
  history.replaceState(history.state, '', `${location.pathname}${text === '' ? '' : `?${text}`}${location.hash}`)
}

/** Shows the page as on a projector, or the whole lab again. */
export function present(store: Store, on: boolean): void {
  store.presents = on
  setQuery('present', on)
  store.emit('open')
}
