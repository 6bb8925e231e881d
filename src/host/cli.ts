/** The command line: one function a command, every end with the code that the usage names. */
import { InvariantError } from '../kernel/index.ts'
import { recipes } from '../../models/index.ts'
import { parseArguments, usage } from './cli-args.ts'
import { benchCommand } from './cli-bench.ts'
import { breakCommand } from './cli-break.ts'
import { fidelityCommand } from './cli-fidelity.ts'
import { checkCommand, listCommand } from './cli-list.ts'
import { complain, exitCode, say } from './cli-out.ts'
import { replayCommand, runCommand, underWay } from './cli-run.ts'
import { mergeCommand, sweepCommand } from './cli-sweep.ts'
import { traceCommand } from './cli-trace.ts'
import { validateCommand } from './cli-validate.ts'
import { Interrupted } from './drive.ts'

/** Runs the command and returns its exit code; never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 0 || argv.includes('--help') || argv[0] === 'help') {
    say(usage)
    return argv.length === 0 ? exitCode.input : exitCode.done
  }
  const { args, issues } = parseArguments(argv)
  if (issues.length > 0) return complain(issues)
  try {
    switch (args.command) {
      case 'list': return listCommand(args, recipes)
      case 'check': return checkCommand(args, recipes)
      case 'run': return await runCommand(args, recipes)
      case 'replay': return await replayCommand(args, recipes)
      case 'break': return await breakCommand(args, recipes)
      case 'sweep': return await sweepCommand(args, recipes)
      case 'merge': return await mergeCommand(args)
      case 'fidelity': return fidelityCommand(args)
      case 'validate': return validateCommand(args, recipes)
      case 'trace': return await traceCommand(args, recipes)
      default: return await benchCommand(args, recipes)
    }
  } catch (error) {
    if (error instanceof Interrupted) return exitCode.interrupted
    return ourBug(error)
  }
}

/** A rule of ours was broken: said as a bug, with what shows it again. */
function ourBug(error: unknown): number {
  const what = error instanceof InvariantError ? `the rule ${error.message} does not hold` : error instanceof Error ? error.stack ?? error.message : String(error)
  process.stderr.write(`This is a bug of faultline: ${what}\n`)
  if (error instanceof InvariantError && error.stack !== undefined) process.stderr.write(`${error.stack.split('\n').slice(1, 6).join('\n')}\n`)
  if (underWay.spec !== null) process.stderr.write(`It is shown again by \`faultline replay FILE\` with this RunSpec in FILE:\n${JSON.stringify(underWay.spec)}\n`)
  return exitCode.bug
}
