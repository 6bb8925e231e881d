/** All that the page knows: columns with their frames and facts, the RunSpec, the playhead, what is selected. */
import type { Issue, Report, RunSpec } from '../src/host/api.ts'
import { Column } from './column-data.ts'
import { Editing } from './editing.ts'
import { noHistory } from './history.ts'
import type { Host } from './host.ts'
import type { KnobWanted, MenuOpen, Selection } from './selection.ts'
import { texts } from './texts.ts'

export class Store extends Editing {
  readonly host: Host
  selection: Selection | null = null
  record = ''
  /** The setting that was looked up last. */
  knob: KnobWanted | null = null
  menu: MenuOpen | null = null
  /** Name of the dialog that is open, empty when none is. */
  dialog = ''
  /** Column in view where only one fits. */
  shown = 0
  /** The page is shown by a projector. */
  presents = false
  crosshair: number | null = null

  constructor(host: Host) {
    super(host.firstSpec, host.eventsMax)
    this.host = host
  }

  /** Opens another run in fresh columns; what runs now is kept unless every column accepts. */
  open(spec: RunSpec, startAt: number, play: boolean): Promise<boolean> {
    return this.change(texts.building, async () => {
      const issues = await this.rebuild(spec, startAt, play)
      if (this.spec !== spec) return issues
      this.ghost = null
      this.remember(noHistory)
      return issues
    })
  }

  protected override async rebuild(spec: RunSpec, to: number, play: boolean): Promise<readonly Issue[]> {
    const engines = spec.architectures.map(() => this.host.open())
    const replies = await Promise.all(engines.map((engine, i) => engine.open(spec, i)))
    const issues = replies.flatMap((reply) => (reply.ok ? [] : reply.issues))
    if (issues.length > 0) {
      for (const engine of engines) this.host.close(engine)
      return issues
    }
    const opened = replies.flatMap((reply, i) => (reply.ok ? [new Column(i, engines[i]!, reply.value)] : []))
    for (const column of this.columns) this.host.close(column.engine)
    this.columns = opened
    this.spec = spec
    this.selection = null
    this.shown = Math.min(this.shown, opened.length - 1)
    this.play = { ...this.play, playhead: 0, playing: false }
    this.emit('spec')
    this.emit('open')
    this.goal = to
    this.figures()
    const late = await this.runTo(to, true)
    this.goal = null
    this.play = { ...this.play, playhead: Math.min(to, this.bounds.reached), playing: play }
    this.emit('player')
    return late
  }

  select(selection: Selection): void {
    this.selection = selection
    this.emit('select')
  }

  /** Opens the life of a record. */
  follow(record: string): void {
    this.record = record
    this.emit('record')
  }

  /** Looks a setting up in the list of knobs. */
  findKnob(wanted: KnobWanted): void {
    this.knob = wanted
    this.emit('knob')
  }

  openMenu(menu: MenuOpen | null): void {
    this.menu = menu
    this.emit('menu')
  }

  /** Opens a dialog by its name, or closes the one that is open (''). */
  showDialog(name: string): void {
    this.dialog = name
    this.emit('menu')
  }

  /** The Report of this run as far as it came, null where an engine refuses. */
  async wholeReport(): Promise<Report | null> {
    const ended = await Promise.all(this.columns.map((column) => column.engine.ended()))
    const all = ended.flatMap((reply) => (reply.ok ? [reply.value] : []))
    const whole = all.length === ended.length ? await this.columns[0]?.engine.whole(all) : undefined
    return whole?.ok === true ? whole.value : null
  }

  /** Goes to the birth of the next record and chooses it, so that its life can be asked for. */
  async nextRecord(): Promise<void> {
    this.pause()
    const next = await this.columns[0]?.engine.recordAfter(this.play.playhead)
    if (next === undefined || !next.ok || next.value === null) return
    await this.arrive(next.value.at, texts.recordBorn(next.value.record))
    this.record = next.value.record
    this.emit('record')
  }
}
