import { resolve } from 'node:path'
import { readStudyContent, writeStudyReport } from '../../report/index.ts'
import { print, printJson } from '../output.ts'
import { formatsOf } from '../pdfOptions.ts'

type PdfChoices = Parameters<typeof formatsOf>[0]

export interface StudyReportOptions extends PdfChoices {
  /** Folder of runs, where the best configuration may have been trained and tested. */
  readonly runs: string
  /** Default: the study's own folder. */
  readonly out?: string | undefined
  readonly json?: boolean | undefined
}

/** `assay search report`. */
export async function reportStudy(
  folder: string,
  { runs, out, json = false, ...options }: StudyReportOptions,
): Promise<void> {
  const content = await readStudyContent(folder, { runs: resolve(runs) })
  const report = await writeStudyReport(out === undefined ? folder : resolve(out), content, formatsOf(options))
  if (!json) return print(report)
  const { study, objective, luck, importance, final } = content
  const told = importance.kind === 'known' ? { ...importance, forest: undefined } : importance
  printJson({ name: study.name, folder, objective, report, luck, importance: told, ...(final && { final }) })
}
