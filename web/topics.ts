/** Who is told what: topics for elements that redraw on a change, painters for what is drawn on every frame. */

/** What changed; an element names the topics that it draws. */
export type Topic = 'open' | 'figures' | 'facts' | 'spec' | 'issues' | 'player' | 'select' | 'record' | 'knob' | 'theme' | 'menu' | 'guide'

export type Painter = (playhead: number, wallSeconds: number) => void

export class Topics {
  private readonly listeners = new Map<Topic, Set<() => void>>()
  private readonly painters = new Set<Painter>()
  private due: (() => void)[] = []

  /** Calls `listener` on each change of the topic until the answer is called. */
  on(topic: Topic, listener: () => void): () => void {
    const set = this.listeners.get(topic) ?? new Set()
    this.listeners.set(topic, set)
    set.add(listener)
    return () => set.delete(listener)
  }

  emit(topic: Topic): void {
    for (const listener of this.listenersOf(topic)) listener()
  }

  /**
   * Goes on with a round over the listeners of a topic, `n` of them now; answers true when a new round would
   * begin, which then needs `begin`.
   */
  protected round(topic: Topic, n: number, begin: boolean): boolean {
    if (this.due.length === 0 && begin) this.due = this.listenersOf(topic)
    for (const listener of this.due.splice(0, n)) listener()
    return this.due.length === 0
  }

  /** Calls `painter` on every animation frame until the answer is called. */
  onPaint(painter: Painter): () => void {
    this.painters.add(painter)
    return () => this.painters.delete(painter)
  }

  protected listenersOf(topic: Topic): (() => void)[] {
    return [...(this.listeners.get(topic) ?? [])]
  }

  protected paint(playhead: number, wallSeconds: number): void {
    for (const painter of this.painters) painter(playhead, wallSeconds)
  }
}
