/** All recipes, in the order in which they are listed. Adding an architecture is one folder and one line. */
import type { Recipe } from '../src/contract/architecture.ts'
import nothing from './null/index.ts'

export const recipes: readonly Recipe[] = [nothing]
