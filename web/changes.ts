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
  /** The change that was asked for last. */
  private last: Promise<boolean> = Promise.resolve(true)

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

  /**
   * Runs changes of the spec one after another in the order they were asked for, so that a click during a long start
   * is kept, not lost. A wrong one shows its issues and leaves the scene as it was; null is a change that was none.
   */
  protected change(what: string, act: () => Promise<readonly Issue[] | null>): Promise<boolean> {
    const done = this.last.then(() => this.changed(what, act))
    this.last = done.catch(() => false)
    return done
  }

  private async changed(what: string, act: () => Promise<readonly Issue[] | null>): Promise<boolean> {
    this.changing = true
    this.tell(what)
    try {
      await this.idle()
      const issues = await act()
      this.refuse(issues ?? [])
      return issues?.length === 0
    } finally {
      this.changing = false
      this.tell('')
      this.changeDone()
    }
  }
}
