import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import { type RunData, runExtras, writeRunReport } from '../report/index.ts'
import { openRuns, prepareRun, type Run } from '../runs/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'

export const reportCommand = new Command('report')
  .description('Write the report of a run again, with its figures, from what the run has kept')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option('--file <path>', 'experiment file of the run, where it is no longer in its place')
  .option('--no-samples', 'do not load the data: no pictures of samples')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print where the report is as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay report latest
  assay report mnist-convnet-s0-20261121 --no-samples

Samples, and images that a network makes, need the data, which are loaded by the run's experiment file; where that is not
there or has changed, the report says so and is written without them.`,
  )
  .action(async (reference, { file, samples, runs: root, json = false }) => {
    const { groups } = await openRuns(resolve(root), [reference])
    const [run, ...others] = groups.flatMap((group) => group.runs)
    if (run === undefined || others.length > 0)
      throw new UsageError(`"${reference}" is ${others.length + 1} runs: give one of them`)
    const data = samples ? await dataOf(run, file) : { reason: 'it was asked for without samples (--no-samples)' }
    const isThere = 'prepared' in data
    const extras = await runExtras(run, isThere ? data : undefined)
    const notes = isThere ? [] : [`Samples are not shown as they are: ${data.reason}.`]
    const report = await writeRunReport(run.folder, { ...extras, notes: [...(extras.notes ?? []), ...notes] })
    if (json) return printJson({ run: run.id, report, samples: isThere })
    for (const text of notes) note(text)
    print(report)
  })

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
