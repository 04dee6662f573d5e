export { type BuildOptions, type Built, buildLoaded, buildReport } from './buildReport.ts'
export { isReport, type Report, report } from './report.ts'
