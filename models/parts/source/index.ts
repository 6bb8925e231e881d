export { SourceApplication, type SourceClient } from './application.ts'
