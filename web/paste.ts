/** A link, a run or a scenario pasted anywhere on the page opens it; what is pasted into a field stays there. */
import { startOf } from './first/guide.ts'
import type { Store } from './store.ts'

/** A longer text is no link and no RunSpec. */
const charactersMax = 300_000

/** Listens until the answer is called. */
export function listenPaste(store: Store): () => void {
  const listener = (event: ClipboardEvent): void => {
    const target = event.target as Element | null
    if (target !== null && target.closest('input, select, textarea, dialog') !== null) return
    const text = event.clipboardData?.getData('text/plain').trim() ?? ''
    const isLink = /(^|#)run\d+\./.test(text)
    if (text.length > charactersMax || (!isLink && !/^(\{|---\r?\n)/.test(text))) return
    event.preventDefault()
    void (isLink ? openLink(store, text) : openText(store, text))
  }
  document.addEventListener('paste', listener)
  return () => document.removeEventListener('paste', listener)
}

async function openLink(store: Store, text: string): Promise<void> {
  const linked = await store.host.decode(text)
  if (linked.ok) await store.open(linked.value, startOf(linked.value), !store.reducedMotion)
  else store.refuse(linked.issues)
}

async function openText(store: Store, text: string): Promise<void> {
  const read = await store.columns[0]?.engine.readCard(text)
  if (read === undefined) return
  if (read.ok) await store.open(read.value.shown, startOf(read.value.shown), !store.reducedMotion)
  else store.refuse(read.issues)
}
