/** Transport: play, step, speed, scrub bar with the fault track. */
import { html } from 'lit'
import { SimElement } from './element.ts'
import { icon } from './icons.ts'
import { speeds, speedText } from './player.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'

export class SimTransport extends SimElement {
  static override properties = { ...SimElement.properties, small: { type: Boolean } }
  declare small: boolean

  constructor() {
    super()
    this.small = false
    new Watch(this, ['player', 'spec', 'figures'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    let turn = 0
    this.stop = this.store.onPaint((playhead) => {
      // Three decimals are not read sixty times a second; standing still, they are exact.
      if (this.store.play.playing && turn++ % 3 !== 0) return
      const clock = this.querySelector('.clock output')
      const text = playhead.toFixed(this.small ? 1 : 3)
      if (clock !== null && clock.textContent !== text) clock.textContent = text
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  private stop: () => void = () => undefined

  override render() {
    const { store } = this
    const play = html`<button class="icon" aria-label=${store.play.playing ? texts.pause : texts.play} @click=${() => store.toggle()}>
      ${icon(store.play.playing ? 'pause' : 'play', 13)}</button>`
    const step = html`<button class="icon ${this.small ? '' : 'plain'}" aria-label=${texts.step} @click=${() => store.step(1)}>${icon('forward', 14)}</button>`
    const clock = html`<span class="clock"><output aria-label=${texts.timeline}></output> <small>s</small></span>`
    if (this.small) {
      return html`<sim-scrub .store=${store} small></sim-scrub><div class="row">${play}${step}
        <button class="rate" aria-label=${`${texts.speed} ${speedText(store.play.speed)}`} @click=${() => this.nextSpeed()}>${speedText(store.play.speed)}</button>
        ${clock}<button class="primary" @click=${() => store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null })}>${texts.breakIt}</button></div>`
    }
    return html`<div class="row">
        <button class="icon plain" aria-label=${texts.toStart} @click=${() => store.seek(0)}>${icon('start', 14)}</button>
        <button class="icon plain" aria-label=${texts.stepBack} @click=${() => store.step(-1)}>${icon('back', 14)}</button>
        ${play}${step}
        <button class="icon plain" aria-label=${texts.nextFact} @click=${() => store.nextFact()}>${icon('next', 14)}</button>
        ${clock}${this.speed()}<span class="busy" role="status">${store.busy}</span>
        <button class="plain" ?disabled=${store.spec.faults.length === 0} aria-label=${texts.undoLast} @click=${() => store.undo()}>${texts.undo}</button>
        <button class="plain" @click=${() => store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null })}>${texts.addFault}</button>
      </div><sim-scrub .store=${store}></sim-scrub>`
  }

  private speed() {
    const at = speeds.indexOf(this.store.play.speed)
    return html`<label class="speed"><span>${texts.speed}</span><span class="slider">
      <input type="range" min="0" max=${speeds.length - 1} step="1" .value=${String(at)} aria-label=${texts.speed}
        aria-valuetext=${speedText(this.store.play.speed)}
        @input=${(event: Event) => this.store.setSpeed(speeds[Number((event.target as HTMLInputElement).value)] ?? 1)}>
      <span class="stops" aria-hidden="true">${[0, 3, 6, 9, 13].map((i) => html`<span class=${`stop-${i} ${i === at ? 'st' : ''}`}>${speedText(speeds[i]!)}</span>`)}</span>
      </span><output class="st">${speedText(this.store.play.speed)}</output></label>`
  }

  private nextSpeed(): void {
    const order = [1, 2, 5, 10, 0.01, 0.1]
    const at = order.indexOf(this.store.play.speed)
    this.store.setSpeed(order[(at + 1) % order.length] ?? 1)
  }
}

customElements.define('sim-transport', SimTransport)
