/** Every command in README.md is run as it stands there, and does what the README says. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { usage } from '../src/host/cli-args.ts'
import { root } from './tidy/tree.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
/** Not run here: the page's server never ends, and the other is what runs this file. */
const notRun = ['npm start', 'npm test']

/** The lines of all fenced blocks of a language. */
function fenced(language: string): string[] {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
  return blocks.flatMap(([, text]) => (text as string).split('\n').filter((line) => line.trim() !== ''))
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly said: string
}

/** Words in quotes are one word. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function ran(command: string): Ended {
  const [program, ...words] = wordsOf(command)
  if (program !== './src/host/faultline.mjs') throw new Error(`${command}: only our own command is started here`)
  // By its interpreter, as a system without executable files would.
  words.unshift(program)
  const ended = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 300_000 })
  return { code: ended.status, out: ended.stdout, said: ended.stderr }
}

/** A figure with its unit, if that is one of time. */
const figure = /(\d[\d ]*(?:\.\d+)?)(?: (ms|s)\b)?/g

/** Figures of a line, times in seconds; a space parts thousands. */
function figuresIn(line: string): number[] {
  return [...line.slice(26).matchAll(figure)].map(([, digits, unit]) => Number((digits as string).replace(/ /g, '')) / (unit === 'ms' ? 1000 : 1))
}

function wordsIn(line: string): string {
  return `${line.slice(0, 26)}${line.slice(26).replace(figure, '#')}`.replace(/\s+/g, ' ')
}

const commands = fenced('sh').filter((line) => !notRun.includes(line))
const results = new Map<string, Ended>()

/** The lines that the first command with this text has printed. */
function printedBy(part: string): string[] {
  return results.get(commands.find((line) => line.includes(part)) ?? '')?.out.split('\n') ?? []
}

describe('the README', () => {
  test('has commands, and leaves out none but those that cannot be run here', () => {
    expect(commands.length).toBeGreaterThan(10)
    expect(fenced('sh').filter((line) => notRun.includes(line))).toEqual(notRun)
    // No block of commands hides in another language.
    expect(readme.match(/^```(?!sh$|text$|$)/gm)).toBeNull()
  })

  test.each(commands)('%s', { timeout: 300_000 }, (command) => {
    mkdirSync(join(root, 'dist'), { recursive: true })
    const ended = ran(command)
    results.set(command, ended)
    // A plan that breaks the constraint is there to be found: the answer is no.
    expect(ended.code, `${ended.said}${ended.out.slice(-500)}`).toBe(command.includes(' break ') ? 1 : 0)
    expect(ended.said).toBe('')
    expect(ended.out.length).toBeGreaterThan(40)
    const words = wordsOf(command)
    const file = words[words.indexOf('--out') + 1] as string
    if (words.includes('--out')) expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toMatchObject({ version: 1 })
    if (words.includes('--json')) expect(JSON.parse(ended.out)).toMatchObject({ version: 1 })
    if (words.includes('replay')) expect(ended.out).toContain('The same digest as in the file.')
  })

  test('shows of the first experiment what it prints: the words exactly, the figures nearly', () => {
    const printed = printedBy(' run fraud-detection --duration 24s')
    const shown = fenced('text')
    expect(shown.length).toBeGreaterThan(3)
    for (const line of shown) {
      const found = printed.find((candidate) => candidate.slice(0, 26).trim() === line.slice(0, 26).trim())
      expect(found, line).toBeDefined()
      expect(wordsIn(found as string)).toEqual(wordsIn(line))
      const [are, were] = [figuresIn(found as string), figuresIn(line)]
      expect(are.length, line).toBe(were.length)
      for (const [i, stated] of were.entries()) {
        // Counts of repeats depend on the instant; zero is zero.
        expect(are[i] === 0, `${line}: ${found}`).toBe(stated === 0)
        if (stated > 0) expect(Math.abs(Math.log((are[i] as number) / stated)), `${line}: ${found}`).toBeLessThan(Math.log(3))
      }
    }
  })

  test('keeps its word on the two changes: half the interval is met, an item per event id is never there twice', () => {
    const half = printedBy('half.execution')
    expect(half.find((line) => line.startsWith('latency'))).toMatch(/ {2}met /)
    const put = printedBy('put.sink.write')
    expect(put.find((line) => line.startsWith('semantics'))).toMatch(/ {2}met /)
    expect(figuresIn(put.find((line) => line.startsWith('rewritten')) ?? '')[0]).toBeGreaterThan(0)
  })

  test('names every command and every option', () => {
    for (const option of new Set(usage.match(/(?<=\s|^)--?[a-z]+/gm))) expect(readme, option).toContain(`\`${option}`)
    for (const [, command] of usage.matchAll(/^ {2}faultline ([a-z]+)/gm)) expect(readme, command).toContain(`\`${command as string}`)
  })

  test('links to files that are there, and shows a picture of less than 250 kB', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => path as string)
    expect(links).toContain('web/readme.png')
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(statSync(join(root, 'web/readme.png')).size).toBeLessThan(250_000)
    for (const [, path] of readme.matchAll(/`((?:src|models|test|scenarios)\/[\w./-]+)`/g)) expect(existsSync(join(root, path as string)), path).toBe(true)
  })
})
