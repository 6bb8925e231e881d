export { SourceApplication, type SourceClient } from './application.ts'
export { sourceRemedies } from './remedies.ts'
