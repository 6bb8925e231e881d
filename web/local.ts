/** What the page remembers on this machine; where a browser keeps nothing, it is as if nothing had been kept. */

const prefix = 'faultline.'

/** A remembered text, null when there is none. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name)
  } catch {
    return null
  }
}

/** Remembers a text, or forgets it (null); answers whether it is kept. */
export function remember(name: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, text)
    return true
  } catch {
    return false
  }
}
