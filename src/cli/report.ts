import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import {
  groupReportFolder,
  groupTitle,
  type ReportFormats,
  type RunData,
  runExtras,
  writeGroupReport,
  writeRunReport,
} from '../report/index.ts'
import { openRuns, prepareRun, type Run, type RunGroup } from '../runs/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { formatsOf, pdfOptions } from './pdfOptions.ts'

export const reportCommand = pdfOptions(
  new Command('report')
    .description(
      'Write the report of a run again, with its figures, from what the run has kept; or that of a group of seeds or a grid',
    )
    .argument(
      '<run>',
      'a run: id, beginning of an id, folder, or "latest"; or the name of an experiment, a group or a grid',
    )
    .option('--file <path>', 'experiment file of the run, where it is no longer in its place')
    .option('--no-samples', 'do not load the data: no pictures of samples')
    .option('--runs <folder>', 'folder that holds the runs', 'runs')
    .option('--out <folder>', 'folder for the report of a group or a grid (default: reports/NAME beside the runs)')
    .option('--json', 'print where the report is as JSON'),
)
  .addHelpText(
    'after',
    `
Examples:
  assay report latest
  assay report mnist-convnet-s0-20261121 --no-samples
  assay report mnist-convnet
  assay report grid:rates --out rates
  assay report latest --pdf --columns 2 --pages 6

Samples, and images that a network makes, need the data, which are loaded by the run's experiment file; where that is not
there or has changed, the report says so and is written without them.`,
  )
  .action(async (reference, { file, samples, runs, out, json = false, ...options }) => {
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
      throw new UsageError('report: --out is for a group or a grid; the report of a run belongs into its folder')
    const data = samples ? await dataOf(run, file) : { reason: 'it was asked for without samples (--no-samples)' }
    const isThere = 'prepared' in data
    const extras = await runExtras(run, isThere ? data : undefined)
    const notes = isThere ? [] : [`Samples are not shown as they are: ${data.reason}.`]
    const told = { ...extras, notes: [...(extras.notes ?? []), ...notes] }
    const report = await writeRunReport(run.folder, told, formats)
    if (!json) for (const text of notes) note(text)
    tell({ run: run.id, report, samples: isThere }, json)
  })

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
