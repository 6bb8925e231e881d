import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readInlines, readMarkdown } from '../../src/scenario/markdown.ts'
import { listDepthMax } from '../../src/scenario/limits.ts'
import { Notes } from '../../src/scenario/notes.ts'

const read = (text: string) => readMarkdown(text, 1, new Notes())
const text = (words: string) => [{ kind: 'text', text: words }]

describe('Markdown as a tree', () => {
  test('lines of a paragraph are one text; a blank line, a heading and a list end it', () => {
    expect(read('a\nb\n\nc\n# D #\ne\n- f')).toEqual([
      { kind: 'paragraph', inlines: text('a b') },
      { kind: 'paragraph', inlines: text('c') },
      { kind: 'heading', level: 1, inlines: text('D') },
      { kind: 'paragraph', inlines: text('e') },
      { kind: 'list', ordered: false, items: [{ inlines: text('f'), items: [] }] },
    ])
  })

  test('items nest by indentation, go on over lines, and may have blank lines between them', () => {
    expect(read('1. a\n   more\n   - b\n     - c\n\n2. d\nend')).toEqual([
      {
        kind: 'list', ordered: true, items: [
          { inlines: text('a more'), items: [{ inlines: text('b'), items: [{ inlines: text('c'), items: [] }] }] },
          { inlines: text('d end'), items: [] },
        ],
      },
    ])
  })

  test('deeper lists than the limit stay on its level', () => {
    const lines = Array.from({ length: listDepthMax + 3 }, (_, i) => `${'  '.repeat(i)}- ${i}`)
    let depth = 0
    const [list] = read(lines.join('\n'))
    for (let items = list?.kind === 'list' ? list.items : []; items.length > 0; items = items[items.length - 1]?.items ?? []) depth++
    expect(depth).toBe(listDepthMax)
  })

  test('a code block keeps its lines as they are, to the end of the file if need be', () => {
    expect(read('```sh\n# no heading\n  - no list\n```\nafter')).toEqual([
      { kind: 'code', language: 'sh', text: '# no heading\n  - no list' },
      { kind: 'paragraph', inlines: text('after') },
    ])
    expect(read('~~~\nx')).toEqual([{ kind: 'code', language: '', text: 'x' }])
  })

  test('bold and code are marked, and a mark without partner is text', () => {
    expect(readInlines('a **b** `c` d**e `f')).toEqual([
      { kind: 'text', text: 'a ' }, { kind: 'bold', text: 'b' }, { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c' }, { kind: 'text', text: ' d**e `f' },
    ])
  })

  test('no word of a text gets lost, whatever it is (seed 6)', () => {
    const line = fc.constantFrom('word', '# head', '- item', '  - deeper', '1) one', '', '```', '**b** c', '<b>', '> quote', '[a](b)')
    fc.assert(fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const marked = lines.map((each, i) => each.replace(/word|head|item|deeper|one|quote/, `w${i}w`))
      const out = JSON.stringify(read(marked.join('\n')))
      for (const found of marked.join('\n').match(/w\d+w/g) ?? []) expect(out).toContain(found)
    }), { seed: 6, numRuns: 500 })
  })
})
