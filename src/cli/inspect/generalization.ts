import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { type GeneralizationRun, generalizationFigure, labelsText } from '../../figures/index.ts'
import { kept, runScores, runScoresSchema } from '../../inspect/index.ts'
import { groupReportFolder } from '../../report/index.ts'
import type { Run } from '../../runs/index.ts'
import '../../runtime/ort/node.ts'
import { interruptible } from '../interrupts.ts'
import { loading } from '../loading.ts'
import { metric, print, table } from '../output.ts'
import { taskBar } from '../taskBar.ts'
import { asTrained, trainedRuns, trainingOptions } from '../trainedRuns.ts'
import { tellFindings } from './findings.ts'
import { judgedRuns, untested } from './judgedRun.ts'

export const generalizationCommand = trainingOptions(new Command('generalization'))
  .description(
    'Compare what runs make of samples that they learnt from and of new ones: against the number of parameters, or random labels against true ones',
  )
  .argument(
    '<what...>',
    'experiment file, which is trained where it has not been, or runs: ids, names, groups, grid:NAME',
  )
  .option('--file <file>', 'the runs’ experiment file, where it is not where it was')
  .option('--out <folder>', 'where picture and numbers go; default: reports/NAME-generalization')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay inspect generalization examples/training-dynamics/model-sizes.ts
  assay inspect generalization grid:random-labels
What has been trained and measured is kept with the runs: a command that was interrupted goes on where it was.`,
  )
  .action(async (what, { file, out, json, runs, ...training }) => {
    const cells = await trainedRuns(what, asTrained({ ...training, runs }))
    if (cells === undefined) return
    const bar = taskBar()
    const loads = loading(bar)
    try {
      await interruptible(async (check) => {
        const open = judgedRuns({ onProgress: loads.at }, file)
        const all = cells.flatMap(({ label, runs: own }) =>
          own.filter(({ manifest }) => manifest.status === 'finished').map((run) => ({ label, run })),
        )
        if (all.length === 0) throw new UsageError('none of these runs has finished: let one train to its end')
        const found: GeneralizationRun[] = []
        for (const [r, { label, run }] of all.entries()) {
          await setImmediate()
          check()
          bar.at('measuring', r / all.length, `, run ${r + 1} of ${all.length}`)
          const scores = await kept(join(run.folder, 'inspect', 'scores.json'), {}, runScoresSchema, async () => {
            const { model, splits } = await open(run)
            return runScores(model, splits)
          })
          const { seed, model } = run.manifest
          found.push({ label, seed, parameters: model.parameters, randomLabels: shareOf(run), scores })
        }
        bar.stop()
        const name = cells[0]?.name ?? 'runs'
        const folder = out === undefined ? groupReportFolder(resolve(runs), `${name}-generalization`) : resolve(out)
        if (json !== true) print(`${tableOf(found)}\n`)
        await tellFindings(
          folder,
          [{ name: 'generalization', sentence: sentenceOf(found), picture: generalizationFigure(found) }],
          {
            json,
            facts: { runs: found },
            notes: [
              ...untested(all.map(({ run }) => run)),
              ...cells.flatMap(({ label, lost }) =>
                lost.map(({ seed, status }) => `left out: ${label}, seed ${seed}, ${status}`),
              ),
            ],
          },
        )
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

/** Of the training labels, as the run's description has it. */
const describedSchema = z.object({ data: z.object({ kind: z.literal('randomLabels'), share: z.number() }) })

function shareOf({ manifest }: Run): number {
  const { success, data } = describedSchema.safeParse(manifest.experiment)
  return success ? data.data.share : 0
}

/** Runs that differ in their seed alone. */
function groupsOf(runs: readonly GeneralizationRun[]) {
  const places = new Map<string, GeneralizationRun[]>()
  for (const run of runs) {
    const place = `${run.label} ${run.parameters} ${run.randomLabels}`
    places.set(place, [...(places.get(place) ?? []), run])
  }
  return [...places.values()].flatMap((own) => {
    const [first] = own
    if (first === undefined) return []
    const mean = (value: (run: GeneralizationRun) => number): number =>
      own.reduce((sum, run) => sum + value(run), 0) / own.length
    return {
      ...first,
      seeds: own.length,
      train: mean(({ scores }) => scores.train.loss),
      test: mean(({ scores }) => scores.test.loss),
      trainAccuracy: mean(({ scores }) => scores.train.accuracy ?? Number.NaN),
      testAccuracy: mean(({ scores }) => scores.test.accuracy ?? Number.NaN),
    }
  })
}

function sentenceOf(runs: readonly GeneralizationRun[]): string {
  const groups = groupsOf(runs)
  const best = groups.reduce((one, other) => (other.test < one.test ? other : one))
  const widest = groups.reduce((one, other) => (other.test - other.train > one.test - one.train ? other : one))
  const name = ({ label, parameters, randomLabels }: GeneralizationRun): string =>
    `${label} (${parameters.toLocaleString('en')} parameters, ${labelsText(randomLabels)})`
  return [
    `${groups.length} settings, ${runs.length} runs, losses as means over seeds.`,
    `The lowest test loss, ${short(best.test)}, is that of ${name(best)};`,
    `the widest gap between test and training loss, ${short(widest.test - widest.train)}, that of ${name(widest)}, whose training loss is ${short(widest.train)}.`,
  ].join(' ')
}

function tableOf(runs: readonly GeneralizationRun[]): string {
  const columns = ['run', 'parameters', 'labels', 'seeds', 'train loss', 'test loss', 'train accuracy', 'test accuracy']
  return table(
    columns.map((head, c) => ({ head, align: c === 0 || c === 2 ? ('left' as const) : ('right' as const) })),
    groupsOf(runs).map(({ label, parameters, randomLabels, seeds, train, test, trainAccuracy, testAccuracy }) => [
      ...[label, parameters.toLocaleString('en'), labelsText(randomLabels), String(seeds), short(train), short(test)],
      ...[trainAccuracy, testAccuracy].map((value) => (Number.isNaN(value) ? '' : metric('accuracy', value))),
    ]),
  )
}

const short = (value: number): string => String(Number(value.toPrecision(3)))
