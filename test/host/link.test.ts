import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { RunSpec } from '../../src/contract/spec.ts'
import { decodeLink, encodeLink, linkBytesMax, linkCharactersMax, linkedSpec } from '../../src/host/link.ts'

const spec: RunSpec = {
  version: 1, model: '1', scenario: 'fraud-detection', seed: '7', workload: { rate: '1000/s' },
  architectures: [{ id: 'kafka-flink', preset: 'tuned', settings: { 'linger.ms': '5ms' } }, { id: 'kinesis-lambda' }],
  faults: ['crash processor-1 at 30s', 'cut broker-1 -> broker-2 at 40s for 4s'], changes: [{ at: '20s', label: 'kafka-flink', key: 'a', value: 'b' }],
}

const packed = (text: string): string => `run1.${deflateRawSync(Buffer.from(text)).toString('base64url')}`

async function codes(link: string): Promise<string[]> {
  const reply = await decodeLink(link)
  return reply.ok ? ['ok'] : reply.issues.map((issue) => issue.code)
}

describe('share link', () => {
  it('gives back the same RunSpec, from a fragment or a whole address', async () => {
    const link = await encodeLink(spec)
    expect(link).toMatch(/^run1\.[\w-]+$/)
    for (const form of [link, `#${link}`, `https://example.org/sub/?present#${link}`]) {
      expect(await decodeLink(form)).toEqual({ ok: true, value: spec })
    }
  })
  it('keeps letters of any script', async () => {
    const other = { ...spec, scenario: 'title: "Zahlungen – überprüfen 支付"' }
    expect(await decodeLink(await encodeLink(other))).toEqual({ ok: true, value: other })
  })
  it.each([
    ['no mark', 'hello', 'link.form'], ['strange letters', 'run1.<script>', 'link.letters'], ['an odd length', 'run1.a', 'link.letters'],
    ['nothing packed', 'run1.____', 'link.packed'], ['no JSON', packed('not json'), 'link.json'], ['too long', `run1.${'A'.repeat(linkCharactersMax)}`, 'link.long'],
    ['a bomb', packed('"' + 'x'.repeat(linkBytesMax * 4) + '"'), 'link.bomb'],
    ['a reach into prototypes', packed('{"version":1,"__proto__":{"a":1}}'), 'link.name'],
    ['deep nesting', packed('['.repeat(40) + ']'.repeat(40)), 'link.deep'],
  ])('refuses %s with its own code', async (_, link, code) => {
    expect(await codes(link)).toEqual([code])
  })
  it('refuses a link that was cut at any place', async () => {
    const link = await encodeLink(spec)
    for (let length = 0; length < link.length - 1; length++) expect(await codes(link.slice(0, length)), `cut at ${length}`).not.toEqual(['ok'])
  })
  it('lists every issue of a RunSpec with the wrong shape', async () => {
    const link = packed(JSON.stringify({ version: 2, model: 1, scenario: 'x', architectures: [{ id: 7, settings: { a: 1 } }], faults: 'crash', changes: [], extra: true }))
    const reply = await decodeLink(link)
    expect(reply.ok ? [] : reply.issues.map((issue) => issue.path)).toEqual(expect.arrayContaining([
      'version', 'model', 'seed', 'architectures[0].id', 'architectures[0].settings.a', 'faults', 'extra',
    ]))
  })
  it('refuses faults and changes of another form, each by its place', () => {
    const odd = linkedSpec({ ...spec, faults: ['crash broker-1 at 30s', 7, {}], changes: [null] })
    expect(odd.ok ? [] : odd.issues.map((issue) => issue.path)).toEqual(['faults[1]', 'faults[2]', 'changes[0]'])
  })
  it.each(['[]', 'null', '7', '"text"'])('refuses %s as a RunSpec', async (text) => {
    expect(await codes(packed(text))).toEqual(['spec.shape'])
  })
})
