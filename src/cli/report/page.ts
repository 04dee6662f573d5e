import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { FormatName } from '../../report/formats/index.ts'
import {
  groupReportFolder,
  groupTitle,
  type ReportFormats,
  type RunData,
  runExtras,
  writeGroupReport,
  writeRunReport,
} from '../../report/index.ts'
import { openRuns, prepareRun, type Run, type RunGroup } from '../../runs/index.ts'
import { experimentOfRun } from '../experimentOfRun.ts'
import { loading } from '../loading.ts'
import { note, print, printJson } from '../output.ts'

export interface PageOptions {
  readonly format?: readonly FormatName[] | undefined
  readonly columns?: '1' | '2' | undefined
  readonly pages?: number | undefined
  readonly file?: string | undefined
  readonly samples: boolean
  readonly runs?: string | undefined
  readonly out?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Writes the automatic page of a run again, with its figures, from what the run has kept; or that of a group of seeds or a grid. Samples, and
 * images that a network makes, need the data, which are loaded by the run's experiment file; where that is not there or has changed, the page
 * says so and is written without them.
 */
export async function writePage(reference: string, options: PageOptions): Promise<void> {
  const { file, samples, runs = 'runs', out, json = false } = options
  const formats = formatsOf(options)
  const root = resolve(runs)
  const { groups, damaged } = await openRuns(root, [reference])
  for (const { folder, reason } of damaged) note(`left out: ${folder}: ${reason}`)
  const [run, ...others] = groups.flatMap((group) => group.runs)
  if (run === undefined) throw new UsageError(`"${reference}" has no runs: give a run, a group or a grid that has`)
  if (others.length > 0) {
    if (file !== undefined) throw new UsageError('report: --file is for one run, and these are several')
    return tell({ groups: groups.map(({ id }) => id), report: await ofGroups(root, groups, { formats, out }) }, json)
  }
  if (out !== undefined)
    throw new UsageError('report: --out is for a group or a grid; the page of a run belongs into its folder')
  const data = samples ? await dataOf(run, file) : { reason: 'it was asked for without samples (--no-samples)' }
  const isThere = 'prepared' in data
  const extras = await runExtras(run, isThere ? data : undefined)
  const notes = isThere ? [] : [`Samples are not shown as they are: ${data.reason}.`]
  const told = { ...extras, notes: [...(extras.notes ?? []), ...notes] }
  const report = await writeRunReport(run.folder, told, formats)
  if (!json) for (const text of notes) note(text)
  tell({ run: run.id, report, samples: isThere }, json)
}

/** A page is HTML, and PDF where that is asked for. */
function formatsOf({ format = ['html'], columns, pages }: PageOptions): ReportFormats {
  const other = format.find((name) => name !== 'html' && name !== 'pdf')
  if (other !== undefined)
    throw new UsageError(`report --page is written as html and pdf, not as ${other}: a write-up can be`)
  if (!format.includes('pdf') && columns === undefined && pages === undefined) return {}
  return { pdf: { columns: columns === '2' ? 2 : 1, ...(pages !== undefined && { mostPages: pages }) } }
}

const ofGroups = (
  root: string,
  groups: readonly RunGroup[],
  { formats, out }: { readonly formats: ReportFormats; readonly out: string | undefined },
): Promise<string> =>
  writeGroupReport(out === undefined ? groupReportFolder(root, groupTitle(groups)) : resolve(out), groups, formats)

const tell = (told: { readonly report: string; readonly [detail: string]: unknown }, json: boolean): void =>
  json ? printJson(told) : print(told.report)

/** What the run's experiment file loads; or why it does not. */
async function dataOf(run: Run, file?: string): Promise<RunData | { readonly reason: string }> {
  const bar = loading()
  try {
    const experiment = await experimentOfRun(run, file)
    return { experiment, prepared: await prepareRun(experiment, run, { onProgress: bar.at }) }
  } catch (error) {
    if (file !== undefined || !(error instanceof UsageError)) throw error
    return { reason: error.message }
  } finally {
    bar.stop()
  }
}
