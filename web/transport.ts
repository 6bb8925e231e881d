/** Transport: play, step, speed, undo, the ghost, and below them the scrub bar with the fault track. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from './element.ts'
import { icon, type Sign } from './icons.ts'
import { speeds, speedText } from './player.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'

export class SimTransport extends SimElement {
  static override properties = { ...SimElement.properties, small: { type: Boolean } }
  declare small: boolean

  constructor() {
    super()
    this.small = false
    new Watch(this, ['player', 'spec', 'open'])
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
    const clock = html`<span class="clock"><output aria-label=${texts.timeline}></output> <small>s</small></span>`
    const strike = (): void => store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null })
    if (this.small) {
      return html`${this.moment()}<sim-scrub .store=${store} small></sim-scrub><div class="row">${play}${this.sign('forward', texts.step, () => void store.step(1), '')}
        <button class="rate" aria-label=${`${texts.speed} ${speedText(store.play.speed)}`} @click=${() => this.nextSpeed()}>${speedText(store.play.speed)}</button>
        ${clock}<button class="primary" @click=${strike}>${texts.breakIt}</button></div>`
    }
    const entries = store.shownFaults.length + store.spec.changes.length
    return html`${this.moment()}<div class="row">
        ${this.sign('start', texts.toStart, () => store.seek(0))}${this.sign('back', texts.stepBack, () => void store.step(-1))}
        ${play}${this.sign('forward', texts.step, () => void store.step(1))}
        ${this.sign('record', texts.nextRecord, () => void store.nextRecord())}${this.sign('next', texts.nextFact, () => void store.nextFact())}
        ${this.sign('fault', texts.nextFault, () => void store.nextFault())}
        ${clock}${this.speed()}<span class="busy" role="status">${store.busy}</span>${this.ghost()}
        <button class="icon plain" ?disabled=${store.history.past.length === 0} title=${texts.undo} aria-label=${texts.undo} @click=${() => void store.undo()}>${icon('undo', 13)}</button>
        <button class="icon plain" ?disabled=${store.history.future.length === 0} title=${texts.redo} aria-label=${texts.redo} @click=${() => void store.redo()}>${icon('redo', 13)}</button>
        <button class="plain" @click=${() => store.showDialog('faults')}>${texts.faultListCount(entries)}</button>
        <button class="plain" @click=${strike}>${texts.addFault}</button>
        <button class="icon plain" title=${texts.keyMap} aria-label=${texts.keyMap} @click=${() => store.showDialog('keys')}>?</button>
      </div><sim-scrub .store=${store}></sim-scrub>`
  }

  /** What happens at the moment that was stepped to, or what an edit under way would make of it. */
  private moment(): TemplateResult | typeof nothing {
    const { moment } = this.store
    return moment === '' ? nothing : html`<p class="moment">${moment}</p>`
  }

  private sign(sign: Sign, name: string, act: () => void, look = 'plain'): TemplateResult {
    return html`<button class=${`icon ${look}`} title=${name} aria-label=${name} @click=${act}>${icon(sign, 14)}</button>`
  }

  private ghost(): TemplateResult | typeof nothing {
    const { ghost, ghostShown } = this.store
    if (ghost === null) return nothing
    return html`<span class="ghost" role="group" aria-label=${texts.ghost}><button class="plain" aria-pressed=${ghostShown ? 'true' : 'false'} title=${texts.ghostToggle(ghost.at)}
      @click=${() => this.store.toggleGhost()}><i aria-hidden="true"></i>${texts.ghost}</button><button class="icon plain" title=${texts.ghostDrop} aria-label=${texts.ghostDrop}
      @click=${() => this.store.dropGhost()}>${icon('cross', 9)}</button></span>`
  }

  private speed(): TemplateResult {
    const at = speeds.indexOf(this.store.play.speed)
    return html`<label class="speed"><span class="slider">
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
