#!/usr/bin/env node
// The command `faultline`: Node's built-ins only, so that it can say what is missing.
// It builds when the sources changed, then hands over to src/host/cli.ts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { builtCli, isCheckout, root } from './build.mjs'

if (isCheckout && !existsSync(join(root, 'node_modules'))) {
  console.error('The packages are not installed: run `npm ci` in the project folder first.')
  process.exit(2)
}

// A reader that closes the pipe early (`faultline list | head -1`) is not an error of ours.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  const { main } = await import(pathToFileURL(await builtCli()).href)
  // Not process.exit: a long Report on a pipe must be written to its end.
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error)
  process.exitCode = 3
}
