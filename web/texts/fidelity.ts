/** Words of the fidelity sheet. */
import type { FidelityRow } from '../../src/host/api.ts'

export const fidelityTexts = {
  fidelity: 'What is modelled',
  fidelityIntro: 'Every mechanism stands in a file named after its rule, made from the product\'s document. What it leaves out is said here, and what is absent, with what that means for a run.',
  fidelityFilter: 'Find a mechanism',
  fidelityAll: 'All products',
  fidelityCount: (shown: number, all: number): string => `${shown} of ${all} mechanisms`,
  fidelityStates: { modelled: 'modelled', simplified: 'simplified', absent: 'absent' } satisfies Readonly<Record<FidelityRow['state'], string>>,
  fidelityLeavesOut: 'Leaves out:',
  fidelityMeans: 'Means:',
  fidelitySource: 'Source:',
  fidelityTests: 'Held by',
  fidelityKey: 'What is modelled, simplified and absent',
} as const
