/** Redraws an element when a topic of the store changes; the one way from data to templates. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Store } from './store.ts'
import type { Topic } from './topics.ts'

export class Watch implements ReactiveController {
  private readonly host: ReactiveControllerHost & { store: Store }
  private readonly topics: readonly Topic[]
  private stops: (() => void)[] = []

  constructor(host: ReactiveControllerHost & { store: Store }, topics: readonly Topic[]) {
    this.host = host
    this.topics = topics
    host.addController(this)
  }

  hostConnected(): void {
    const update = (): void => this.host.requestUpdate()
    this.stops = this.topics.map((topic) => this.host.store.on(topic, update))
  }

  hostDisconnected(): void {
    for (const stop of this.stops) stop()
    this.stops = []
  }
}
