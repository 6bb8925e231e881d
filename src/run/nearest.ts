/** Which known names somebody may have meant: for messages about unknown ones. */

/** Longer names are compared by their beginning only. */
const compared = 60

/** Up to `most` of the known names, nearest first; names of the same distance keep their order. */
export function nearestNames(name: string, known: readonly string[], most: number): string[] {
  const wanted = name.toLowerCase()
  const rated = known.map((candidate, order) => ({ candidate, order, distance: distanceOf(wanted, candidate.toLowerCase()) }))
  rated.sort((a, b) => a.distance - b.distance || a.order - b.order)
  return rated.slice(0, most).map(({ candidate }) => candidate)
}

/** Edits between two texts; a name that holds the other costs only half of what is left over. */
function distanceOf(a: string, b: string): number {
  const edits = editsBetween(a.slice(0, compared), b.slice(0, compared))
  if (a === '' || b === '') return edits
  return a.includes(b) || b.includes(a) ? Math.abs(a.length - b.length) / 2 : edits
}

function editsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (before[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (before[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    before = row
  }
  return before[b.length] as number
}
