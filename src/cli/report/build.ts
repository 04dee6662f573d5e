import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Finding } from '../../audit/index.ts'
import { UsageError } from '../../errors.ts'
import { allFindings, audited } from '../../report/audited.ts'
import { type FormatName, type FormatOutcome, writeFormats } from '../../report/formats/index.ts'
import type { Records } from '../../report/references/index.ts'
import { type Built, buildLoaded, buildReport, isReport, type Report } from '../../report/source/index.ts'
import { interruptible } from '../interrupts.ts'
import { loadDefault } from '../loadExperiment.ts'
import { note, print, printJson } from '../output.ts'
import { taskBar } from '../taskBar.ts'

export interface BuildSourceOptions {
  readonly format?: readonly FormatName[] | undefined
  readonly columns?: '1' | '2' | undefined
  readonly pages?: number | undefined
  readonly draft?: boolean | undefined
  readonly strict?: boolean | undefined
  readonly runs?: string | undefined
  readonly out?: string | undefined
  readonly json?: boolean | undefined
  /** What is read already. */
  readonly records?: Records
}

/** Builds a write-up and writes it in all its formats. */
export async function buildSource(source: string, options: BuildSourceOptions): Promise<void> {
  const written = TYPESCRIPT.test(source) ? await loadReport(resolve(source)) : undefined
  const bar = taskBar()
  try {
    await interruptible(async (check) => {
      bar.at('reading', 0)
      const from = { ...(options.runs !== undefined && { runs: options.runs }), records: options.records }
      const built = await (written === undefined ? buildReport(source, from) : buildLoaded(written, source, from))
      const { front } = built
      const drafted = options.draft === true ? { ...built.document, isDraft: true } : built.document
      bar.at('auditing', 0)
      const document = await audited(drafted, built.records.used())
      const pages = options.pages ?? front.pages
      const columns = options.columns === undefined ? (front.columns ?? 1) : options.columns === '2' ? 2 : 1
      const outcomes = await writeFormats(folderOf(source, options.out), document, {
        formats: options.format ?? ['html', 'pdf'],
        name: basename(source, extname(source)),
        date: dateOf(built),
        source: built.records.folder,
        runs: built.records.runs,
        keep: source,
        pdf: { columns, ...(pages !== undefined && { mostPages: pages }) },
        ...(front.slides !== undefined && { slides: front.slides }),
        onProgress: (format, at, of) => {
          check()
          bar.at(format, at / of)
        },
      })
      bar.stop()
      tell(built, outcomes, allFindings(document), options)
    })
  } finally {
    bar.stop()
  }
}

/** Files of code. */
export const TYPESCRIPT = /\.m?[jt]s$/

async function loadReport(file: string): Promise<Report> {
  const loaded = await loadDefault(file)
  if (isReport(loaded)) return loaded
  throw new UsageError(`${file} has no write-up as its default export: end it with export default report({ … })`)
}

const folderOf = (source: string, out: string | undefined): string =>
  out === undefined ? join(dirname(resolve(source)), 'built') : resolve(out)

/** What the front matter says, else when the last of the runs ended: a report that is built again has the same bytes. */
function dateOf({ front, records }: Built): Date {
  const ends = records.used().map(({ manifest: { finishedAt, createdAt } }) => Date.parse(finishedAt ?? createdAt))
  return front.date ?? (ends.length === 0 ? new Date() : new Date(Math.max(...ends)))
}

function tell(
  { used }: Built,
  outcomes: readonly FormatOutcome[],
  findings: readonly Finding[],
  { strict = false, json = false }: BuildSourceOptions,
): void {
  const failed = outcomes.filter((outcome) => 'error' in outcome)
  const grave = findings.filter(({ severity }) => severity !== 'note')
  if (json)
    printJson({
      formats: outcomes.map((outcome) => ('error' in outcome ? { ...outcome, error: outcome.error.message } : outcome)),
      values: used,
      findings,
    })
  else {
    for (const { severity, saw, mend } of grave) note(`${severity}: ${saw} ${mend}`)
    for (const outcome of outcomes)
      if (!('error' in outcome)) {
        print(`${outcome.path}${outcome.pages === undefined ? '' : ` (${counted(outcome.pages, 'page')})`}`)
        for (const warning of outcome.warnings ?? []) note(`${outcome.format}: ${warning}`)
      }
  }
  for (const { format, error } of failed) note(`${format}: ${error.message}`)
  if (strict && grave.length > 0) note(`--strict: ${counted(grave.length, 'finding')} of the audit`)
  if (failed.length > 0 || (strict && grave.length > 0)) process.exitCode = 1
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
