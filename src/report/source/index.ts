export { type BuildOptions, type Built, buildReport } from './buildReport.ts'
