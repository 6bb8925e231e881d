/** Collects the issues of one file, in the order of their finding, up to a limit. */
import type { Issue } from '../contract/issue.ts'
import { issuesMax } from './limits.ts'

export class Notes {
  private readonly found: Issue[] = []
  private beyond = 0

  add(code: string, path: string, line: number | null, message: string): void {
    if (this.found.length < issuesMax) this.found.push({ code, path, line, message })
    else this.beyond++
  }

  /** Takes over issues that were found by a parser of the contract. */
  take(issues: readonly Issue[], path: string, line: number | null): void {
    for (const issue of issues) {
      const below = issue.path === '' ? path : `${path}.${issue.path}`
      this.add(issue.code, below, issue.line ?? line, issue.message)
    }
  }

  get count(): number {
    return this.found.length
  }

  /** All issues by line, then in the order of their finding; the last one counts what was left out. */
  list(): Issue[] {
    const issues = [...this.found].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    if (this.beyond > 0) {
      const message = `${this.beyond} more issues are not listed: expected at most ${issuesMax}`
      issues.push({ code: 'scenario.issues', path: '', line: null, message })
    }
    return issues
  }
}
