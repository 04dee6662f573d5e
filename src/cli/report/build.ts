import { basename, dirname, extname, join, resolve } from 'node:path'
import { type FormatName, type FormatOutcome, writeFormats } from '../../report/formats/index.ts'
import { type Built, buildReport } from '../../report/source/index.ts'
import { interruptible } from '../interrupts.ts'
import { note, print, printJson } from '../output.ts'
import { taskBar } from '../taskBar.ts'

export interface BuildSourceOptions {
  readonly format?: readonly FormatName[] | undefined
  readonly columns?: '1' | '2' | undefined
  readonly pages?: number | undefined
  readonly draft?: boolean | undefined
  readonly runs?: string | undefined
  readonly out?: string | undefined
  readonly json?: boolean | undefined
}

/** Builds a write-up and writes it in all its formats. */
export async function buildSource(source: string, options: BuildSourceOptions): Promise<void> {
  const bar = taskBar()
  try {
    await interruptible(async (check) => {
      bar.at('reading', 0)
      const built = await buildReport(source, options.runs === undefined ? {} : { runs: options.runs })
      const { front } = built
      const document = options.draft === true ? { ...built.document, isDraft: true } : built.document
      const pages = options.pages ?? front.pages
      const columns = options.columns === undefined ? (front.columns ?? 1) : options.columns === '2' ? 2 : 1
      const outcomes = await writeFormats(folderOf(source, options.out), document, {
        formats: options.format ?? ['html', 'pdf'],
        name: basename(source, extname(source)),
        date: dateOf(built),
        pdf: { columns, ...(pages !== undefined && { mostPages: pages }) },
        onProgress: (format, at, of) => {
          check()
          bar.at(format, at / of)
        },
      })
      bar.stop()
      tell(built, outcomes, options.json === true)
    })
  } finally {
    bar.stop()
  }
}

const folderOf = (source: string, out: string | undefined): string =>
  out === undefined ? join(dirname(resolve(source)), 'built') : resolve(out)

/** What the front matter says, else when the last of the runs ended: a report that is built again has the same bytes. */
function dateOf({ front, records }: Built): Date {
  const ends = records.used().map(({ manifest: { finishedAt, createdAt } }) => Date.parse(finishedAt ?? createdAt))
  return front.date ?? (ends.length === 0 ? new Date() : new Date(Math.max(...ends)))
}

function tell({ used }: Built, outcomes: readonly FormatOutcome[], json: boolean): void {
  const failed = outcomes.filter((outcome) => 'error' in outcome)
  if (json)
    printJson({
      formats: outcomes.map((outcome) => ('error' in outcome ? { ...outcome, error: outcome.error.message } : outcome)),
      values: used,
    })
  else
    for (const outcome of outcomes)
      if (!('error' in outcome)) {
        print(
          `${outcome.path}${outcome.pages === undefined ? '' : ` (${outcome.pages} page${outcome.pages === 1 ? '' : 's'})`}`,
        )
        for (const warning of outcome.warnings ?? []) note(`${outcome.format}: ${warning}`)
      }
  for (const { format, error } of failed) note(`${format}: ${error.message}`)
  if (failed.length > 0) process.exitCode = 1
}
