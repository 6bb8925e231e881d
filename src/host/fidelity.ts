/** The fidelity sheet: what of each product is modelled, simplified or absent; written from the heads of the parts. */
import sheet from '../../models/fidelity.json'

/** One mechanism of a product. */
export interface FidelityRow {
  readonly product: string
  readonly state: 'modelled' | 'simplified' | 'absent'
  readonly mechanism: string
  /** The product's document. */
  readonly source: string
  /** What is left out, or what its absence means for a run; empty where nothing known is. */
  readonly means: string
  /** Absent mechanisms have neither. */
  readonly file?: string
  readonly tests?: readonly string[]
}

/** By product, absent ones last. */
export const fidelity = sheet as readonly FidelityRow[]
