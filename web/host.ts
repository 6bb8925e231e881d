/** What the page is given by whoever starts it: engines and links. Tests give it a made-up engine. */
import type { ColumnEngine, Opened, Pasted, Reply, Report, RunSpec } from '../src/host/api.ts'

export interface Host {
  /** A fresh engine for one column. */
  open(): ColumnEngine
  /** Ends an engine and its worker. */
  close(engine: ColumnEngine): void
  /** Where the page starts when no link is given. */
  readonly firstSpec: RunSpec
  /** Most events that one call to an engine may run, so that it answers its watchdog in time. */
  readonly eventsMax: number
  /** What the scenario of a spec is called. */
  sceneTitle(spec: RunSpec): string
  /** What a pasted text sets among the knobs of a column. */
  paste(text: string, knobs: Opened['knobs']): Pasted
  /** The RunSpec as the text of a URL fragment. */
  encode(spec: RunSpec): Promise<string>
  /** A RunSpec from a URL fragment, checked; a hostile one comes back as issues. */
  decode(fragment: string): Promise<Reply<RunSpec>>
  /** The totals and series of a Report as tables. */
  csv(report: Report): readonly { readonly name: string; readonly text: string }[]
}
