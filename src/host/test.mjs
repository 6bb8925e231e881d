// `npm test`: types, lint, then all quick tests. The last line is `N passed, N failed`, alone;
// a broken step counts as one failed, so that it can never look like a pass.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const modules = join(root, 'node_modules')
const reportFile = join(modules, '.cache/faultline-vitest.json')

let passed = 0
let failed = 0

step('types', 'tsc', ['-p', 'tsconfig.json'])
step('types of the core, without DOM and Node', 'tsc', ['-p', 'src/tsconfig.core.json'])
step('lint', 'oxlint', ['--deny-warnings', 'src', 'models', 'web', 'test'])
runTests()

console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function step(title, name, args) {
  const start = Date.now()
  const ok = call(name, args) === 0
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok' : 'FAILED'}  ${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
}

function runTests() {
  mkdirSync(dirname(reportFile), { recursive: true })
  rmSync(reportFile, { force: true })
  const code = call('vitest', ['run', '--reporter=default', '--reporter=json',
    `--outputFile.json=${reportFile}`, ...process.argv.slice(2)])
  if (!existsSync(reportFile)) {
    console.log(`FAILED  vitest ended with ${code} and wrote no report`)
    failed += 1
    return
  }
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file that cannot be loaded has no failed test of its own: it counts as one.
  const isBroken = (file) =>
    file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  const broken = report.testResults.filter(isBroken).length
  failed += broken
  // Vitest also fails for errors outside of any test.
  if (code !== 0 && report.numFailedTests + broken === 0) failed += 1
  if (report.numTotalTests === 0) failed += 1
}

/** Runs a package's command by its file, so that no shell and no npx stands between. */
function call(name, args) {
  const owner = { tsc: '@typescript/native', oxlint: 'oxlint', vitest: 'vitest' }[name]
  const manifest = join(modules, owner, 'package.json')
  if (!existsSync(manifest)) {
    console.log(`${owner} is not installed: run \`npm ci\``)
    return 1
  }
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'))
  const file = join(modules, owner, typeof bin === 'string' ? bin : bin[name])
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' })
  return status ?? 1
}
