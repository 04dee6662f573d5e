import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import { learningRateFigure, saveFigure } from '../figures/index.ts'
import '../runtime/ort/node.ts'
import { findLearningRate, type LrFinding, prepare } from '../train/index.ts'
import { interruptible } from './interrupts.ts'
import { loadExperiment } from './loadExperiment.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { positive, wholeNumber } from './parse.ts'
import { taskBar } from './taskBar.ts'

export const lrFindCommand = new Command('lr-find')
  .description(
    'Suggest a learning rate: train a little while the rate rises from tiny to huge, and see where the loss falls fastest',
  )
  .argument('<file>', 'TypeScript file whose default export is an experiment; it is left as it is, and no run is made')
  .option('--from <lr>', 'smallest rate; default 1e-6', positive('--from'))
  .option('--to <lr>', 'largest rate; default 10', positive('--to'))
  .option('--steps <n>', 'steps from one to the other; default 150', wholeNumber('--steps', 20))
  .option('--repeats <n>', 'trainings that are averaged; default 2', wholeNumber('--repeats', 1))
  .option('--seed <n>', 'seed of the first; default 0', wholeNumber('--seed', 0))
  .option('--out <folder>', 'where the curve goes, as Vega-Lite specification, SVG and CSV', 'lr-find')
  .option('--json', 'print suggestion and curve as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay lr-find examples/mnist-convnet.ts
  assay lr-find examples/mnist-convnet.ts --repeats 4 --json`,
  )
  .action(async (file, { out, json = false, ...options }) => {
    const experiment = await loadExperiment(resolve(file))
    const loads = loading()
    const bar = taskBar()
    try {
      await interruptible(async (check) => {
        const prepared = await prepare(experiment, {
          onProgress: (progress) => {
            check()
            loads.at(progress)
          },
        })
        loads.stop()
        const finding = await findLearningRate(experiment, prepared, {
          ...options,
          onStep: async (done, total) => {
            bar.at('training while the learning rate rises', done / total)
            // A turn of the event loop, so that signals are heard.
            await setImmediate()
            check()
          },
        })
        bar.stop()
        const folder = resolve(out)
        await saveFigure(folder, experiment.name, learningRateFigure(finding))
        if (json) printJson({ experiment: experiment.name, ...finding })
        else printFinding(finding, experiment.optimizer.lr)
        note(`written: ${join(folder, 'figures', experiment.name)}.svg, .csv, .vl.json`)
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

/** Heights of a curve in one line of text. */
const BLOCKS = '▁▂▃▄▅▆▇█'
const WIDTH = 60

function printFinding({ suggestion, lowest, isClear, curve }: LrFinding, own: number): void {
  const every = Math.max(1, Math.ceil(curve.length / WIDTH))
  const shown = curve.filter((_, i) => i % every === 0).map(({ smoothed }) => smoothed)
  const low = Math.min(...shown)
  const high = shown[0] ?? low
  const line = shown.map((loss) => {
    const share = Math.min(1, Math.max(0, (loss - low) / (high - low || 1)))
    return BLOCKS[Math.round(share * (BLOCKS.length - 1))] ?? ''
  })
  print(`loss ${high.toPrecision(3)}  ${line.join('')}  ${low.toPrecision(3)} at best`)
  print(`rate ${(curve[0]?.lr ?? 0).toExponential(0)} to ${(curve.at(-1)?.lr ?? 0).toExponential(0)}\n`)
  if (isClear)
    print(
      `Suggested learning rate: ${suggestion.toPrecision(2)} (the experiment has ${own}); above ${lowest.toPrecision(2)} the loss rises`,
    )
  else
    print(
      `No learning rate can be suggested: the loss never falls clearly in so few steps (most at ${suggestion.toPrecision(2)}). Try more --steps.`,
    )
}
