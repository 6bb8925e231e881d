/** Changes of a scene, one at a time: what is under way, what was wrong with the last one, what is said of it. */
import type { Issue } from '../src/host/api.ts'
import { Topics } from './topics.ts'

export abstract class Changes extends Topics {
  issues: readonly Issue[] = []
  /** The last sentence for the page's polite live region. */
  notice = ''
  /** What is under way, in words; empty when nothing is. */
  busy = ''
  protected changing = false
  private current: Promise<boolean> = Promise.resolve(true)

  /** Brings every figure up to date at once, e.g. after a jump. */
  abstract figures(): void

  /** The scene is as the change has made it. */
  protected abstract changeDone(): void

  /** Resolves once no call to an engine is under way. */
  protected abstract idle(): Promise<void>

  /** Says a sentence in the page's polite live region. */
  say(text: string): void {
    this.notice = text
    this.emit('player')
  }

  /** Shows what was wrong with something that was brought in; what runs, runs on. */
  refuse(issues: readonly Issue[]): void {
    this.issues = issues
    this.emit('issues')
  }

  protected tell(busy: string): void {
    this.busy = busy
    this.emit('player')
  }

  /** Resolves once no change is under way: a click during a long start is kept, not lost. */
  protected async ready(): Promise<void> {
    while (this.changing) await this.current
  }

  /** Runs one change of the spec at a time; a wrong one shows its issues and leaves the scene as it was. */
  protected change(what: string, act: () => Promise<readonly Issue[]>): Promise<boolean> {
    if (this.changing) return Promise.resolve(false)
    this.changing = true
    this.current = this.changed(what, act)
    return this.current
  }

  private async changed(what: string, act: () => Promise<readonly Issue[]>): Promise<boolean> {
    this.tell(what)
    try {
      await this.idle()
      const issues = await act()
      this.refuse(issues)
      return issues.length === 0
    } finally {
      this.changing = false
      this.tell('')
      this.changeDone()
    }
  }
}
