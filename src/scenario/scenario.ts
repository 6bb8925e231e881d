/** Loads a scenario file: YAML front matter and Markdown guidance, checked as a whole; every issue is listed. */
import { failAll, ok, type Result } from '../contract/issue.ts'
import type { Scenario } from '../contract/scenario.ts'
import { Fields, textOf } from './fields.ts'
import { splitFile } from './file-text.ts'
import { readInterview } from './interview.ts'
import { questionsMax, shortTextMax, tagsMax } from './limits.ts'
import { readMarkdown } from './markdown.ts'
import { Notes } from './notes.ts'
import { deriveSimulation, readSimulation } from './simulation.ts'
import { readYaml } from './yaml-tree.ts'

/** The scenario of a file's text; `name` is the file's name or path, whose last part becomes the id. */
export function loadScenario(text: string, name: string): Result<Scenario> {
  const notes = new Notes()
  const scenario = readScenario(text, scenarioId(name), notes)
  if (scenario !== null && notes.count === 0) return ok(scenario)
  return failAll(notes.list())
}

/** "scenarios/fraud-detection.md" is "fraud-detection". */
export function scenarioId(name: string): string {
  const last = name.split(/[/\\]/).pop() ?? name
  return last.replace(/\.(?:md|markdown|txt|ya?ml)$/i, '')
}

function readScenario(text: string, id: string, notes: Notes): Scenario | null {
  const parts = splitFile(text, notes)
  if (parts === null) return null
  const tree = readYaml(parts.frontMatter, notes)
  if (tree === null) {
    if (notes.count === 0) notes.add('front-matter.empty', '', 1, 'expected keys and values in the front matter, found none')
    return null
  }
  const fields = Fields.of({ tree, path: '' }, notes)
  if (fields === null) return null
  const stated = fields.has('simulation')
  const title = fields.text('title', shortTextMax)
  const difficulty = fields.optionalText('difficulty', shortTextMax)
  const tags = fields.list('tags', tagsMax).map((placed) => textOf(placed, shortTextMax, notes) ?? '')
  if (!stated && !fields.has('prompt')) fields.missing('prompt', 'a text')
  const prompt = fields.optionalText('prompt') ?? ''
  const interview = readInterview(fields, !stated)
  const maxQuestions = fields.whole('max_questions', 1, questionsMax)
  const block = fields.map('simulation')
  const simulation = block === null ? deriveSimulation(interview.constraints) : readSimulation(block, interview)
  fields.end()
  const firstLine = parts.frontMatter.split('\n').length + 2
  return {
    id, title, difficulty, tags, prompt,
    questions: interview.questions,
    options: interview.options,
    maxQuestions,
    guidance: readMarkdown(parts.guidance, firstLine, notes),
    simulation,
  }
}
