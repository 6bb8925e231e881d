/** The fidelity sheet, read from the heads of the parts, from the tests that import them, and from the list of what is absent. */
import { basename } from 'node:path'
import { readSource } from './tree.ts'

const products: Readonly<Record<string, string>> = {
  source: 'Source application', kafka: 'Apache Kafka 4.2', flink: 'Apache Flink 2.1', kinesis: 'Amazon Kinesis', lambda: 'AWS Lambda', dynamodb: 'Amazon DynamoDB',
}
/** Parts that are words, keys or checks, not mechanisms. */
const noMechanism = /^(?:words|facts|causes|client-causes|remedies|audit|.*-knobs|protocol|protocol-internal|requests|client-config)\.ts$/

/** The whole sheet, for files as git lists them. */
export function fidelityOf(files: readonly string[]): unknown[] {
  const tests = files.filter((path) => /^test\/.*\.ts$/.test(path)).map((path) => ({ path, text: readSource(path)?.text ?? '' }))
  const parts = files.filter((path) => /^models\/parts\/[\w-]+\/(?!index\.ts$)[\w-]+\.ts$/.test(path) && !noMechanism.test(basename(path)))
  const modelled = parts.flatMap((path) => {
    const source = readSource(path)
    return source === undefined ? [] : [rowOf(path, source.text, tests)]
  })
  const absent = (JSON.parse(readSource('models/absent.json')?.text ?? '[]') as { product: string; mechanism: string; source: string; means: string }[])
    .map(({ product, ...row }) => ({ product: products[product] ?? product, state: 'absent', ...row }))
  const order = Object.values(products)
  const rank: Readonly<Record<string, number>> = { modelled: 0, simplified: 0, absent: 1 }
  return [...modelled, ...absent].sort((a, b) => order.indexOf(a.product) - order.indexOf(b.product) || (rank[a.state] ?? 0) - (rank[b.state] ?? 0))
}

function rowOf(path: string, text: string, tests: readonly { path: string; text: string }[]) {
  const [, , product = ''] = path.split('/')
  const head = /^\s*\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? ''
  const said = (label: string): string => {
    const found = new RegExp(`^\\s*\\*\\s*${label}\\s*([\\s\\S]*?)(?=^\\s*\\*\\s*(?:Models|Source|Leaves out):|$(?![\\s\\S]))`, 'm').exec(head)?.[1] ?? ''
    return found.replace(/\s*\n\s*\*\s*/g, ' ').trim()
  }
  const leavesOut = said('Leaves out:').replace(/\.$/, '')
  const isWhole = /^nothing\b/i.test(leavesOut)
  return {
    product: products[product] ?? product, state: isWhole ? 'modelled' : 'simplified', mechanism: said('Models:'), source: said('Source:'),
    means: isWhole ? '' : leavesOut, file: path, tests: testsOf(path, product, tests),
  }
}

/** Tests that name the part's file; without one, those of its product that go through it with everything else. */
function testsOf(path: string, product: string, tests: readonly { path: string; text: string }[]): string[] {
  const own = tests.filter((one) => one.path.endsWith('.test.ts') && one.text.includes(path.replace('models/', ''))).map((one) => one.path)
  if (own.length > 0) return own
  const named = tests.filter((one) => one.path.startsWith(`test/models/${product}/`) && basename(one.path).startsWith(basename(path, '.ts'))).map((one) => one.path)
  return named.length > 0 ? named : tests.some((one) => one.path.startsWith(`test/models/${product}/`)) ? [`test/models/${product}`] : ['test/models/contract.test.ts']
}

/** The sheet as its file has it. */
export function fidelityText(files: readonly string[]): string {
  return `[\n${fidelityOf(files).map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
}
