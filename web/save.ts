/** Hands a file to the reader. */

/** Saves text under a name as the browser does with downloads; answers the name. */
export function save(name: string, type: string, text: string): string {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it by the time that the next turn begins.
  setTimeout(() => URL.revokeObjectURL(address), 0)
  return name
}
