/** `fidelity`: what of each product is modelled, what is left out, and what is absent, with source and test. */
import { quoted } from '../contract/issue.ts'
import type { Arguments } from './cli-args.ts'
import { complain, exitCode, say } from './cli-out.ts'
import { fidelity, type FidelityRow } from './fidelity.ts'

/** All products, or those whose name holds the word. */
export function fidelityCommand(args: Arguments): number {
  const [word] = args.words
  const products = [...new Set(fidelity.map(({ product }) => product))]
  const chosen = products.filter((product) => word === undefined || product.toLowerCase().includes(word.toLowerCase()))
  if (chosen.length === 0) {
    return complain([{ code: 'cli.fidelity', path: '', line: null, message: `${quoted(word ?? '')} is no product: expected one of ${products.join(', ')}` }])
  }
  const rows = fidelity.filter(({ product }) => chosen.includes(product))
  if (args.flags.includes('--json')) say(`${JSON.stringify(rows)}\n`)
  else say(chosen.map((product) => [product, '', ...rows.filter((row) => row.product === product).flatMap(linesOf), ''].join('\n')).join('\n'))
  return exitCode.done
}

function linesOf({ state, mechanism, source, means, file, tests }: FidelityRow): string[] {
  const told = means === '' ? [] : [`    ${state === 'absent' ? 'means' : 'leaves out'}: ${means}`]
  return [`  ${state.padEnd(10)} ${mechanism}`, ...told, `    source: ${source}`, ...(file === undefined ? [] : [`    ${file}; ${(tests ?? []).join(', ')}`])]
}
