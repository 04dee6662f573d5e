import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { listRuns, type Run, readSummary, type Summary } from '../runs/index.ts'
import { metric, note, print, printJson, table } from './output.ts'

/** The split and metric that stand for a run in a list: accuracy where there is one, else the loss. */
const headline = (summary: Summary | undefined, split: string): string => {
  const scores = summary?.[split]
  const name = scores === undefined ? undefined : 'accuracy' in scores ? 'accuracy' : 'loss'
  const found = name === undefined ? undefined : scores?.[name]
  return name === undefined || found === undefined ? '–' : `${name} ${metric(name, found.last)}`
}

const epochsOf = (summary: Summary | undefined): number => summary?.train?.loss?.lastEpoch ?? 0

export const runsCommand = new Command('runs')
  .description('List the runs, newest first')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print the list as JSON')
  .addHelpText('after', '\nExample:\n  assay runs --json')
  .action(async ({ runs: root, json = false }) => {
    const { runs, damaged } = await listRuns(resolve(root))
    const rows = await Promise.all(runs.map(async (run) => ({ run, summary: await readSummary(run) })))
    if (json) {
      printJson({ runs: rows.map(({ run, summary }) => ({ ...run, summary })), damaged })
      return
    }
    if (runs.length === 0) print(`There are no runs in ${resolve(root)} yet: start with assay run <file>`)
    else
      print(
        table(
          [
            { head: 'run' },
            { head: 'status' },
            { head: 'seed', align: 'right' },
            { head: 'epochs', align: 'right' },
            { head: 'validation' },
            { head: 'test' },
          ],
          rows.map(({ run, summary }) => listed(run, summary)),
        ),
      )
    for (const { folder, reason } of damaged) note(`left out: ${folder}: ${reason}`)
  })

const listed = ({ id, manifest }: Run, summary: Summary | undefined): string[] => [
  id,
  manifest.status,
  String(manifest.seed),
  String(epochsOf(summary)),
  headline(summary, 'validation'),
  headline(summary, 'test'),
]
