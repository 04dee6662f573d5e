import { resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import { listRuns, runsWhere, type SummarizedRun, type Summary, summariesOf } from '../runs/index.ts'
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
  .option('--where <condition>', 'only runs for which a condition in SQL holds')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print the list as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay runs --json
  assay runs --where "lr < 0.01 AND accuracy > 0.9"
  assay runs --where "name LIKE 'mnist%' AND status <> 'finished'"

A condition names settings as the view "runs" does (assay sql --views lists them), and scores: accuracy is the test split's,
validation_accuracy that of another split; always the last value. A run without it is left out, unless the condition says
"accuracy IS NULL".`,
  )
  .action(async ({ where, runs: root, json = false }) => {
    const list = await listRuns(resolve(root))
    const { summaries, damaged } = await summariesOf(list.runs)
    const chosen = where === undefined ? undefined : new Set(await runsWhere(summaries, where))
    const shown = summaries.filter(({ run }) => chosen === undefined || chosen.has(run))
    if (json) {
      const runs = shown.map(({ run, summary }) => ({ ...run, summary }))
      printJson({ runs, damaged: [...list.damaged, ...damaged] })
      return
    }
    if (summaries.length === 0) print(`There are no runs in ${resolve(root)} yet: start with assay run <file>`)
    else if (shown.length === 0) print(`None of the ${summaries.length.toLocaleString('en')} runs is so: ${where}`)
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
          shown.map(listed),
        ),
      )
    for (const { folder, reason } of list.damaged) note(`left out: ${folder}: ${reason}`)
    for (const { folder, reason } of damaged) note(`listed without scores: ${folder}: ${reason}`)
  })

const listed = ({ run: { id, manifest }, summary }: SummarizedRun): string[] => [
  id,
  manifest.status,
  String(manifest.seed),
  String(epochsOf(summary)),
  headline(summary, 'validation'),
  headline(summary, 'test'),
]
