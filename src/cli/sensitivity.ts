import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { type MeasuredRun, sensitivityFigure, sharpnessFigure } from '../figures/index.ts'
import {
  type Balance,
  balance,
  kept,
  MEASURES,
  measures,
  measuresSchema,
  runScores,
  runScoresSchema,
} from '../inspect/index.ts'
import { groupReportFolder } from '../report/index.ts'
import type { Run } from '../runs/index.ts'
import '../runtime/ort/node.ts'
import { differences, type Json } from '../train/index.ts'
import { type Finding, tellFindings } from './inspect/findings.ts'
import { type JudgedRun, judgedRuns, untested } from './inspect/judgedRun.ts'
import { interruptible } from './interrupts.ts'
import { loading } from './loading.ts'
import { print } from './output.ts'
import { positive, wholeNumber } from './parse.ts'
import { balanceText, measuresTable, sensitivityText, sharpnessSentence } from './sensitivityText.ts'
import { taskBar } from './taskBar.ts'
import { asTrained, trainedRuns, trainingOptions } from './trainedRuns.ts'

export const sensitivityCommand = trainingOptions(new Command('sensitivity'))
  .description(
    'Train with several batch sizes, measure sensitivity to the input, sharpness and curvature of each, and say which batch size balances them',
  )
  .argument('<what...>', 'experiment file, or runs: ids, names, groups, grid:NAME')
  .option('--batch-sizes <list>', 'of a file, as in 16,64,256,1024,4096; default: the file as it stands', sizes)
  .option('--samples <n>', 'samples of each split that are measured on', wholeNumber('--samples', 1), MEASURES.samples)
  .option('--epsilon <value>', 'box of the ε-sharpness', positive('--epsilon'), MEASURES.epsilon)
  .option('--rho <value>', 'radius of the adaptive sharpness', positive('--rho'), MEASURES.rho)
  .option('--steps <n>', 'products for the largest eigenvalue', wholeNumber('--steps', 2), MEASURES.steps)
  .option('--probes <n>', 'products for the trace', wholeNumber('--probes', 2), MEASURES.probes)
  .option('--file <file>', 'the runs’ experiment file, where it is not where it was')
  .option('--out <folder>', 'where pictures and numbers go; default: reports/NAME-sensitivity')
  .option('--json', 'print what was found as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay sensitivity examples/mnist-dense.ts --batch-sizes 16,64,256,1024,4096 --seeds 0,1,2
  assay sensitivity grid:batch-sizes --samples 5000
What has been trained and measured is kept with the runs: a command that was interrupted goes on where it was.`,
  )
  .action(async (what, { batchSizes, samples, epsilon, rho, steps, probes, file, out, json, runs, ...training }) => {
    const cells = await trainedRuns(what, {
      ...asTrained({ ...training, runs }),
      ...(batchSizes !== undefined && { axes: { batchSize: [...batchSizes] } }),
    })
    if (cells === undefined) return
    const asked = { samples, epsilon, rho, steps, probes }
    const bar = taskBar()
    const loads = loading(bar)
    try {
      await interruptible(async (check) => {
        const turn = async (): Promise<void> => {
          // A turn of the event loop, so that signals are heard.
          await setImmediate()
          check()
        }
        const open = judgedRuns({ onProgress: loads.at }, file)
        const all = cells.flatMap((cell) => cell.runs.filter(({ manifest }) => manifest.status === 'finished'))
        if (all.length === 0) throw new UsageError('none of these runs has finished: let one train to its end')
        requireDistinct(all)
        const found: (MeasuredRun & { readonly run: string })[] = []
        for (const [r, run] of all.entries()) {
          await turn()
          // What is kept needs no network and no data.
          let opened: Promise<JudgedRun> | undefined
          const one = (): Promise<JudgedRun> => {
            opened ??= open(run)
            return opened
          }
          const at = (text: string, share: number): void =>
            bar.at('measuring', (r + share) / all.length, `, run ${r + 1} of ${all.length}: ${text}`)
          at('scores', 0)
          const scores = await kept(placeOf(run, 'scores'), {}, runScoresSchema, async () => {
            const { model, splits } = await one()
            return runScores(model, splits)
          })
          const measured = await kept(placeOf(run, 'sensitivity'), asked, measuresSchema, async () => {
            const { judged, splits } = await one()
            return measures(judged, splits, asked, {
              check: turn,
              onProgress: (text, share) => at(text, 0.2 + 0.8 * share),
            })
          })
          found.push({ run: run.id, batchSize: sizeOf(run), seed: run.manifest.seed, measures: measured, scores })
        }
        bar.stop()
        found.sort((a, b) => a.batchSize - b.batchSize || a.seed - b.seed)
        const name = cells[0]?.name ?? 'runs'
        const folder = out === undefined ? groupReportFolder(resolve(runs), `${name}-sensitivity`) : resolve(out)
        const chosen = new Set(found.map(({ batchSize }) => batchSize)).size > 1 ? balanceOf(found) : undefined
        const lost = cells.flatMap((cell) =>
          cell.lost.map(({ seed, status }) => `${cell.label}, seed ${seed}, ${status}`),
        )
        const findings: Finding[] = [
          { name: 'sensitivity', sentence: sensitivityText(found), picture: sensitivityFigure(found) },
          {
            name: 'sharpness',
            sentence: [sharpnessSentence(found), ...(chosen === undefined ? [] : [balanceText(chosen)])].join(' '),
            picture: sharpnessFigure(found),
          },
        ]
        if (json !== true) print(`${measuresTable(found)}\n`)
        await tellFindings(folder, findings, {
          json,
          facts: { ...asked, runs: found, ...(chosen !== undefined && { balance: chosen }) },
          notes: [...untested(all), ...otherDifferences(all), ...lost.map((one) => `left out: ${one}`)],
        })
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

const sizeOf = ({ manifest }: Run): number => z.object({ batchSize: z.number() }).parse(manifest.experiment).batchSize

/** What differs between runs beside batch size and seed, told because it may be what the measures tell of. */
function otherDifferences([first, ...others]: readonly Run[]): string[] {
  if (first === undefined) return []
  const described = ({ manifest }: Run): Json => JSON.parse(JSON.stringify(manifest.experiment))
  const paths = others.flatMap((run) => differences(described(first), described(run)).map(({ path }) => path))
  const unexpected = [...new Set(paths)].filter((path) => !/^(batchSize|seeds|name)\b/.test(path))
  return unexpected.length === 0
    ? []
    : [`the runs differ in ${unexpected.join(', ')} too: what is told of batch sizes may come from that`]
}

/** Two runs of one batch size and seed would be taken for two seeds. */
function requireDistinct(runs: readonly Run[]): void {
  const known = new Map<string, Run>()
  for (const run of runs) {
    const place = `batch size ${sizeOf(run)} and seed ${run.manifest.seed}`
    const other = known.get(place)
    if (other !== undefined)
      throw new UsageError(
        `runs ${other.id} and ${run.id} both have ${place}: give runs that differ in batch size and seed alone, as of one grid`,
      )
    known.set(place, run)
  }
}

const placeOf = ({ folder }: Run, name: string): string => join(folder, 'inspect', `${name}.json`)

function sizes(text: string): number[] {
  const all = text.split(',').map((part) => wholeNumber('--batch-sizes', 1)(part))
  if (new Set(all).size < all.length) throw new UsageError(`--batch-sizes is "${text}": give each size once`)
  return all
}

/** What is weighed: how it does on new samples, how it answers to the input, and how sharp it is by the measure that rescaling does not change. */
const balanceOf = (runs: readonly MeasuredRun[]): Balance =>
  balance(
    runs.map(({ batchSize, seed, scores, measures: { lossGradient, jacobian, adaptiveSharpness } }) => ({
      ...{ choice: batchSize, seed },
      values: {
        'test loss': scores.test.loss,
        ...(scores.test.accuracy !== undefined && { 'test error': 1 - scores.test.accuracy }),
        'gradient norm': lossGradient,
        'Jacobian norm': jacobian,
        // What is below float32's resolution is as good as any that is.
        'adaptive sharpness': adaptiveSharpness.isResolved ? adaptiveSharpness.percent : 0,
      },
    })),
  )
