import { describe, expect, it } from 'vitest'
import { figureOf, kindOf } from '../../web/panel/answer.ts'
import { figures, type FigureId, type FigureText } from '../../web/texts/figures.ts'

const entries = Object.entries(figures) as [FigureId, FigureText][]

describe('what a figure is', () => {
  it.each(entries)('%s says what it means, whom it counts, who saw it and how far to trust it, in whole sentences', (_id, text) => {
    for (const words of [text.definition, text.population, text.source, text.fidelity]) expect(words).toMatch(/^[A-Z].*[.]$/s)
    expect(text.name.length).toBeLessThan(40)
  })
  it('is told of every number that leads to Why', () => {
    const kinds = ['latency', 'throughput', 'duplicated', 'lost', 'declared', 'visible', 'waiting', 'lag', 'refused', 'reordered', 'aside']
    expect(Object.keys(figureOf).toSorted()).toEqual(kinds.toSorted())
    // And back: what a card asks about is a number that has an answer.
    expect(Object.values(kindOf).filter((kind) => figureOf[kind] === undefined)).toEqual([])
  })
  it('never takes what is pending or refused for lost', () => {
    expect(figures['verdict-lost'].population).toContain('Pending is not lost')
    expect(figures.refused.population).toContain('not loss')
  })
})
