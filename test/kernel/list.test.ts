import { describe, expect, test } from 'vitest'
import { copyGraph, empty, objects, removeAt, removeFirst, shorten, smallInts } from '../../src/kernel/index.ts'

describe('lists that fill and empty', () => {
  test('what is emptied or shortened can be filled again', () => {
    const list = [1, 2, 3]
    shorten(list, 2)
    expect(list).toEqual([1, 2])
    shorten(list, 5)
    expect(list).toEqual([1, 2])
    empty(list)
    expect(list).toEqual([])
    list.push(7)
    expect(list).toEqual([7])
  })

  test('what stays keeps its order, wherever something is removed', () => {
    for (let index = 0; index < 4; index++) {
      const list = ['a', 'b', 'c', 'd']
      removeAt(list, index)
      expect(list).toEqual(['a', 'b', 'c', 'd'].filter((_, i) => i !== index))
    }
    for (let count = 0; count <= 3; count++) {
      const list = ['a', 'b', 'c']
      removeFirst(list, count)
      expect(list).toEqual(['a', 'b', 'c'].slice(count))
    }
  })

  test('a list of objects begins empty, and so does its copy', () => {
    const list = objects<{ n: number }>()
    expect(list).toEqual([])
    const copy = copyGraph({ list }).list
    copy.push({ n: 1 })
    expect(list).toEqual([])
    expect(copy).toEqual([{ n: 1 }])
  })
})

test('a table of small numbers holds its largest one', () => {
  for (const [largest, bytes] of [[0, 1], [255, 1], [256, 2], [65535, 2], [65536, 4], [2 ** 31 - 1, 4]] as const) {
    const table = smallInts(3, largest)
    expect([...table]).toEqual([0, 0, 0])
    expect(table.BYTES_PER_ELEMENT).toBe(bytes)
    table[2] = largest
    expect(table[2]).toBe(largest)
  }
})
