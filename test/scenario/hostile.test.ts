import { describe, expect, test } from 'vitest'
import {
  blocksMax, depthMax, fileLengthMax, frontMatterLengthMax, issuesMax, longTextMax, nodesMax, questionsMax, settingsMax,
  shortTextMax, tagsMax,
} from '../../src/scenario/limits.ts'
import { loadScenario } from '../../src/scenario/scenario.ts'
import { fileWith, loaded, readProjectFile, refused } from './kit.ts'

/** The interview fixture with one thing changed; a change that changes nothing is a mistake of the test. */
const fixture = readProjectFile('test/scenario/fixtures/design-interview.md')
function changed(from: string | RegExp, to: string): string {
  const text = fixture.replace(from, to)
  if (text === fixture) throw new Error(`nothing to change: ${String(from)}`)
  return text
}

/** Front matter of some lines around a title on line 2. */
function matter(lines: string): string {
  return `---\ntitle: "A test"\n${lines}\n---\n`
}

/** The same with a simulation block behind, so that nothing else is missing. */
function complete(lines: string): string {
  return matter(`${lines}\nsimulation: {}`)
}

/** [name, file, expected issues as [line, code, part of the path]]. */
type Case = [string, string, [number | null, string, string][]]

const interviewCases: Case[] = [
  ['nothing at all', '', [[1, 'front-matter.start', '']]],
  ['no front matter', '# Title\n', [[1, 'front-matter.start', '']]],
  ['a blank line before it', `\n${fixture}`, [[1, 'front-matter.start', '']]],
  ['front matter without end', '---\ntitle: a\n', [[3, 'front-matter.end', '']]],
  ['empty front matter', '---\n---\n', [[1, 'front-matter.empty', '']]],
  ['only a comment', '---\n# hello\n---\n', [[1, 'front-matter.empty', '']]],
  ['a list instead of keys', '---\n- a\n---\n', [[2, 'scenario.kind', '']]],
  ['a text instead of keys', '---\nhello\n---\n', [[2, 'scenario.kind', '']]],
  ['JSON that is no YAML', '---\n{"title": "a",\n---\n', [[3, 'yaml.syntax', '']]],
  ['a quote that never ends', matter('prompt: "abc'), [[4, 'yaml.syntax', '']]],
  ['a tab as indentation', matter('simulation:\n\tduration: 5s'), [[4, 'yaml.syntax', '']]],
  ['an alias', matter('prompt: &p "x"\ntags: [*p]'), [[3, 'yaml.anchor', ''], [4, 'yaml.alias', '']]],
  ['an alias bomb', matter('a: &a [x, x]\nb: &b [*a, *a]'), [[3, 'yaml.anchor', ''], [4, 'yaml.anchor', ''], [4, 'yaml.alias', ''], [4, 'yaml.alias', '']]],
  ['a tag', matter('prompt: !!str x'), [[3, 'yaml.tag', '']]],
  ['a tag that makes code elsewhere', matter('prompt: !!js/function "x"'), [[3, 'yaml.tag', '']]],
  ['a directive', '---\n%YAML 1.1\ntitle: a\n---\n', [[2, 'yaml.directive', '']]],
  ['a second document', matter('...\ntitle: b'), [[3, 'yaml.doc-end', '']]],
  ['a merge key', complete('<<: { prompt: x }'), [[3, 'yaml.key', '']]],
  ['a key that is a number', complete('5: x'), [[3, 'yaml.key', '']]],
  ['a key that is a list', complete('? [a]\n: b'), [[3, 'yaml.key', '']]],
  ['__proto__ as a key', complete('__proto__: { title: x }'), [[3, 'yaml.reserved-key', '']]],
  ['constructor as a key', complete('constructor: x'), [[3, 'yaml.reserved-key', '']]],
  ['a key of every object, deep inside', fileWith('settings:\n  kafka-flink:\n    toString: x'), [[6, 'yaml.reserved-key', 'simulation.settings.kafka-flink']]],
  ['a key twice', changed('difficulty: "Medium"', 'title: "Again"'), [[3, 'yaml.duplicate-key', 'title']]],
  ['a key twice inside a question', changed('    category: crucial\n', '    category: crucial\n    category: helpful\n'), [[14, 'yaml.duplicate-key', 'clarifying_questions[0].category']]],
  ['a number too large to hold', changed('max_questions: 3', 'max_questions: 99999999999999999999'), [[93, 'yaml.number', 'max_questions'], [93, 'scenario.range', 'max_questions']]],
  ['infinity', changed('max_questions: 3', 'max_questions: .inf'), [[93, 'yaml.number', 'max_questions'], [93, 'scenario.range', 'max_questions']]],
  ['no number at all', changed('max_questions: 3', 'max_questions: .nan'), [[93, 'yaml.number', 'max_questions'], [93, 'scenario.range', 'max_questions']]],
  ['a NUL in the text', changed('Medium', 'Med\u0000ium'), [[3, 'text.control-character', '']]],
  ['an escape sequence in the guidance', changed('## Guidance', '## \u001b[31mGuidance'), [[100, 'text.control-character', '']]],
  ['a carriage return alone', changed('Medium', 'Med\rium'), [[3, 'text.control-character', '']]],
  ['a character that turns the reading direction', changed('Medium', 'Med\u202eium'), [[3, 'text.direction-character', '']]],
  ['the same, spelled as an escape in quotes', changed('"Medium"', '"Med\\u202Eium"'), [[3, 'text.direction-character', 'difficulty']]],
  ['a control character as an escape in a key', complete('"pro\\u0007mpt": x'), [[3, 'text.control-character', '']]],
  ['a character that cannot be seen', changed('Medium', 'Med\u200bium'), [[3, 'text.invisible-character', '']]],
  ['hidden tag characters', changed('Medium', 'Med\u{e0041}ium'), [[3, 'text.invisible-character', '']]],
  ['half a surrogate pair', changed('Medium', 'Med\ud800ium'), [[3, 'text.half-character', '']]],
  ['no title', changed(/title:.*\n/, ''), [[2, 'scenario.missing', 'title']]],
  ['a title that is a number', changed(/title:.*/, 'title: 5'), [[2, 'scenario.kind', 'title']]],
  ['a title that is nothing', changed(/title:.*/, 'title:'), [[2, 'scenario.kind', 'title']]],
  ['an empty title', changed(/title:.*/, 'title: "  "'), [[2, 'scenario.empty', 'title']]],
  ['a title too long', changed(/title:.*/, `title: "${'x'.repeat(shortTextMax + 1)}"`), [[2, 'scenario.long', 'title']]],
  ['a prompt too long', changed('A young', 'x'.repeat(longTextMax)), [[5, 'scenario.long', 'prompt']]],
  ['no prompt', changed(/prompt: \|\n(?: .*\n|\n)*/, ''), [[2, 'scenario.missing', 'prompt']]],
  ['tags that are no list', changed(/tags:.*/, 'tags: streaming'), [[4, 'scenario.kind', 'tags']]],
  ['a tag that is a map', changed('["streaming"', '[{a: 1}'), [[4, 'scenario.kind', 'tags[0]']]],
  ['too many tags', changed(/tags:.*/, `tags: [${'x,'.repeat(tagsMax + 1)}]`), [[4, 'scenario.many', 'tags']]],
  ['a misspelt key', changed('max_questions', 'max_question'), [[93, 'scenario.unknown-key', 'max_question']]],
  ['a misspelt key in a question', changed('    reveals:\n', '    reveal:\n'), [[14, 'scenario.unknown-key', 'clarifying_questions[0].reveal']]],
  ['no questions', changed(/clarifying_questions:[\s\S]*?(?=\narchitecture)/, ''), [
    [2, 'scenario.missing', 'clarifying_questions'],
    ...[16, 18, 25, 32].map((line): Case[2][number] => [line, 'scenario.reference', 'valid_when']),
  ]],
  ['a question that is a text', changed('  - id: q10\n    text: "What\'s the mascot\'s name?"\n    category: irrelevant', '  - q10'), [[59, 'scenario.kind', 'clarifying_questions[9]']]],
  ['a question without text', changed('    text: "Two spaces or four?"\n', ''), [[56, 'scenario.missing', 'clarifying_questions[8].text']]],
  ['a question without category', changed('    category: irrelevant\n', ''), [[53, 'scenario.missing', 'clarifying_questions[7].category']]],
  ['a category of its own', changed('category: irrelevant', 'category: silly'), [[55, 'scenario.choice', 'clarifying_questions[7].category']]],
  ['an id twice', changed('id: q2', 'id: q1'), [[17, 'scenario.duplicate-id', 'clarifying_questions[1].id']]],
  ['an id that is a path', changed('id: kafka-flink', 'id: ../kafka'), [[64, 'scenario.id', 'architecture_options[0].id']]],
  ['a constraint twice', changed('constraint: throughput', 'constraint: latency'), [[21, 'scenario.duplicate-id', 'clarifying_questions[1].reveals.constraint']]],
  ['a value that is a number', changed('value: "10000 TPS"', 'value: 10000'), [[22, 'scenario.kind', 'clarifying_questions[1].reveals.value']]],
  ['an option valid for what nobody asked', changed('      - constraint: cloud\n        value: "AWS"', '      - constraint: budget\n        value: "AWS"'), [[77, 'scenario.reference', 'architecture_options[1].valid_when[0].constraint']]],
  ['an option valid for another value', changed('        value: "AWS"\n', '        value: "GCP"\n'), [[78, 'scenario.reference', 'architecture_options[1].valid_when[0].value']]],
  ['an option without feedback', changed(/    feedback_if_wrong: "A strong.*\n/, ''), [[87, 'scenario.missing', 'architecture_options[3].feedback_if_wrong']]],
  ['an option that does not say when it is valid', changed('    valid_when: []\n', ''), [[87, 'scenario.missing', 'architecture_options[3].valid_when']]],
  ['no question allowed', changed('max_questions: 3', 'max_questions: 0'), [[93, 'scenario.range', 'max_questions']]],
  ['half a question allowed', changed('max_questions: 3', 'max_questions: 2.5'), [[93, 'scenario.number', 'max_questions']]],
]

const blockCases: Case[] = [
  ['a block that is a text', '---\ntitle: a\nsimulation: fast\n---\n', [[3, 'scenario.kind', 'simulation']]],
  ['a bare number for a time', fileWith('duration: 60'), [[4, 'duration.unit', 'simulation.duration']]],
  ['a time that is no number', fileWith('duration: NaN'), [[4, 'duration.text', 'simulation.duration']]],
  ['a time beyond all limits', fileWith('duration: 1e99s'), [[4, 'duration.text', 'simulation.duration']]],
  ['a run of two days', fileWith('duration: 2d'), [[4, 'scenario.range', 'simulation.duration']]],
  ['a run of nothing', fileWith('duration: 0s'), [[4, 'scenario.range', 'simulation.duration']]],
  ['a list for a time', fileWith('duration: [1s]'), [[4, 'scenario.kind', 'simulation.duration']]],
  ['a warm-up as long as the run', fileWith('duration: 20s\nwarmup: 20s'), [[5, 'scenario.conflict', 'simulation.warmup']]],
  ['a misspelt key of the block', fileWith('durration: 20s'), [[4, 'scenario.unknown-key', 'simulation.durration']]],
  ['a rate without unit', fileWith('workload: { rate: 10000 }'), [[4, 'rate.unit', 'simulation.workload.rate']]],
  ['a rate of zero', fileWith('workload: { rate: 0/s }'), [[4, 'rate.range', 'simulation.workload.rate']]],
  ['a record of no size', fileWith('workload: { record_size: 0B }'), [[4, 'scenario.range', 'simulation.workload.record_size']]],
  ['no sources', fileWith('workload:\n  sources: 0'), [[5, 'scenario.range', 'simulation.workload.sources']]],
  ['more keys than fit', fileWith('workload:\n  keys: { count: 1000000000 }'), [[5, 'scenario.range', 'simulation.workload.keys.count']]],
  ['an exponent for uniform keys', fileWith('workload:\n  keys: { distribution: uniform, exponent: 1 }'), [[5, 'scenario.conflict', 'simulation.workload.keys.exponent']]],
  ['a shape nobody knows', fileWith('workload: { shape: wavy }'), [[4, 'scenario.choice', 'simulation.workload.shape']]],
  ['a shape without its parameters', fileWith('workload:\n  shape: { kind: spike, factor: 5 }'), [[5, 'scenario.missing', 'at'], [5, 'scenario.missing', 'for']]],
  ['an empty trace', fileWith('workload:\n  shape: { kind: trace, rates: [] }'), [[5, 'scenario.empty', 'rates']]],
  ['more malformed than there are', fileWith('workload: { malformed_per_million: 2000000 }'), [[4, 'scenario.range', 'malformed']]],
  ['more replicas than brokers', fileWith('sizing:\n  replication: 5'), [[5, 'scenario.conflict', 'simulation.sizing.replication']]],
  ['more subtasks than slots', fileWith('sizing:\n  parallelism: 64'), [[5, 'scenario.conflict', 'simulation.sizing.parallelism']]],
  ['partitions without end', fileWith('sizing: { partitions: 1000000 }'), [[4, 'scenario.range', 'simulation.sizing.partitions']]],
  ['a guarantee of its own', fileWith('sizing: { guarantee: maybe }'), [[4, 'scenario.choice', 'simulation.sizing.guarantee']]],
  ['a fault nobody knows', fileWith('faults:\n  - crash broker-1 at 5s\n  - explode at 5s'), [[6, 'fault.kind', 'simulation.faults[1]']]],
  ['a fault at a bare number', fileWith('faults: ["crash broker-1 at 10"]'), [[4, 'duration.unit', 'simulation.faults[0].at']]],
  ['a fault after the end', fileWith('duration: 20s\nfaults: ["crash broker-1 at 20s"]'), [[5, 'scenario.range', 'simulation.faults[0]']]],
  ['a fault that is a map', fileWith('faults: [{ kind: crash }]'), [[4, 'scenario.kind', 'simulation.faults[0]']]],
  ['two primary sinks', fileWith('sinks:\n  - { name: a, primary: true }\n  - { name: b, primary: true }'), [[5, 'scenario.conflict', 'simulation.sinks']]],
  ['a view of no sink', fileWith('views: [{ sink: elsewhere, isolation: committed }]'), [[4, 'scenario.reference', 'simulation.views[0].sink']]],
  ['a view without isolation', fileWith('views: [{ sink: decisions }]'), [[4, 'scenario.missing', 'simulation.views[0].isolation']]],
  ['a setting that is a list', fileWith('settings:\n  kafka-flink:\n    acks: [all]'), [[6, 'scenario.kind', 'simulation.settings.kafka-flink.acks']]],
  ['too many settings', fileWith(`settings:\n  kafka-flink:\n${Array.from({ length: settingsMax + 1 }, (_, i) => `    k${i}: 1`).join('\n')}`), [[6, 'scenario.many', 'simulation.settings.kafka-flink']]],
  ['a constraint that the block relies on and nobody understands', changed('max_questions: 3', 'simulation: {}').replace('"sub-second"', '"snappy"'), [[16, 'constraint.unknown', 'simulation.constraints']]],
  ['a constraint of the block in unknown words', fileWith('constraints: [{ id: latency, value: snappy }]'), [[4, 'constraint.unknown', 'simulation.constraints']]],
  ['a constraint of the block that is only named', fileWith('constraints: [{ id: latency }]'), [[4, 'scenario.missing', 'simulation.constraints[0].value']]],
  ['a quantile nobody knows', fileWith('constraints: [{ id: latency, value: fast, quantile: p12, below: 1s }]'), [[4, 'scenario.choice', 'simulation.constraints[0].quantile']]],
  ['two meanings at once', fileWith('constraints: [{ id: latency, value: fast, lost: 0, below: 1s }]'), [[4, 'scenario.conflict', 'simulation.constraints[0].id']]],
  ['truth that is a text', fileWith('constraints: [{ id: semantics, value: once, exactly_once: "yes" }]'), [[4, 'scenario.kind', 'exactly_once'], [4, 'constraint.unknown', 'constraints']]],
  ['an expectation without a demonstration', fileWith('expect: []'), [[4, 'scenario.conflict', 'simulation.expect']]],
]

describe('files that are refused', () => {
  test.each([...interviewCases, ...blockCases])('%s', (_name, text, expected) => {
    const issues = refused(text)
    expect(issues.map(({ line, code }) => [line, code])).toEqual(expected.map(([line, code]) => [line, code]))
    for (const [i, [, , path]] of expected.entries()) expect(issues[i]?.path).toContain(path)
    for (const { message } of issues) {
      expect(message).toMatch(/expected|has no unit|give a unit|is no /)
      expect(message).not.toMatch(/undefined|\[object/)
    }
  })

  test('there are many of these cases', () => {
    expect(interviewCases.length + blockCases.length).toBeGreaterThanOrEqual(100)
  })
})

describe('limits', () => {
  test.each<[string, string, string]>([
    ['a file too long', `${fixture}${'x'.repeat(fileLengthMax)}`, 'text.long'],
    ['front matter too long', matter(`prompt: "${'x'.repeat(frontMatterLengthMax)}"`), 'front-matter.long'],
    ['nesting in brackets', matter(`a: ${'['.repeat(depthMax + 2)}${']'.repeat(depthMax + 2)}`), 'yaml.depth'],
    ['nesting in braces', matter(`a: ${'{a: '.repeat(depthMax + 2)}1${'}'.repeat(depthMax + 2)}`), 'yaml.depth'],
    ['nesting in dashes', matter(`a:\n ${'- '.repeat(depthMax + 2)}x`), 'yaml.depth'],
    ['20 000 open brackets', matter(`a: ${'['.repeat(20_000)}`), 'yaml.depth'],
    ['20 000 dashes', matter(`a:\n ${'- '.repeat(20_000)}x`), 'yaml.depth'],
    ['too many values', matter(`a: [${'1,'.repeat(nodesMax + 1)}]`), 'yaml.nodes'],
    ['too many questions', matter(`prompt: p\nclarifying_questions:\n${Array.from({ length: questionsMax + 1 }, (_, i) => `  - { id: q${i}, text: t, category: helpful }`).join('\n')}\narchitecture_options: []`), 'scenario.many'],
    ['too much guidance', `${fixture}${'\n\nx'.repeat(blocksMax)}`, 'guidance.many'],
  ])('%s is refused', (_name, text, code) => {
    expect(refused(text).map((issue) => issue.code)).toEqual([code])
  })

  test('what is as large as allowed is not refused for it', () => {
    expect(loadScenario(`${fixture}${'x'.repeat(fileLengthMax - fixture.length)}`, 'a.md').ok).toBe(true)
    // The map of the front matter is the first level.
    const deep = refused(matter(`prompt: p\na: ${'['.repeat(depthMax - 1)}${']'.repeat(depthMax - 1)}`))
    expect(deep.map(({ code }) => code)).not.toContain('yaml.depth')
  })

  test('the list of issues ends, and says how many are left out', () => {
    const many = Array.from({ length: issuesMax + 20 }, (_, i) => `k${i}: 1`).join('\n')
    const issues = refused(`---\ntitle: t\nsimulation: {}\n${many}\n---\n`)
    expect(issues).toHaveLength(issuesMax + 1)
    expect(issues.at(-1)).toMatchObject({ code: 'scenario.issues', message: expect.stringContaining('20 more') })
  })
})

describe('all issues at once', () => {
  test('every issue of a file is listed in the order of its lines', () => {
    const text = changed('title: "Plan a Pipeline for Live Orders"', 'title: 7')
      .replace('category: irrelevant', 'category: silly')
      .replace('max_questions: 3', 'max_questions: many\nextra: 1')
    expect(refused(text).map(({ line, code }) => [line, code])).toEqual([
      [2, 'scenario.kind'], [55, 'scenario.choice'], [93, 'scenario.kind'], [94, 'scenario.unknown-key'],
    ])
  })

  test('markup in a scenario stays text', () => {
    const text = '<img src=x onerror=alert(1)>'
    const scenario = loaded(changed('## Guidance', `## ${text}`))
    expect(scenario.guidance[2]).toEqual({ kind: 'heading', level: 2, inlines: [{ kind: 'text', text }] })
  })

  test('no cut of a good file makes the reader throw', () => {
    for (let end = 0; end < fixture.length; end += 7) {
      const result = loadScenario(fixture.slice(0, end), 'cut.md')
      if (!result.ok) expect(result.issues.length).toBeGreaterThan(0)
    }
  })
})
