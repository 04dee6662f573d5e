import { extname, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { UsageError } from '../errors.ts'
import '../runtime/ort/node.ts'
import { openRun } from '../runs/index.ts'
import {
  compareWithStored,
  fitSamples,
  formatOf,
  judge,
  namedClasses,
  predictSamples,
  SPLITS,
  writeTested,
} from '../runs/testModel/index.ts'
import { interruptible } from './interrupts.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { taskBar } from './taskBar.ts'
import { type Asked, askedOf, samplesFor } from './testModelSource.ts'
import { testModelJson, testModelText } from './testModelText.ts'

export const testModelCommand = new Command('test-model')
  .description('Predict with a trained model: any split of its own data or new files, judged where there are labels')
  .argument(
    '<model>',
    'a run (id, beginning of an id, folder, or "latest"), an .onnx file, or a .safetensors file with --model',
  )
  .option(
    '--data <what>',
    'what to predict, in place of the run’s own data: an image, a folder of them (flat, or a folder for each class), a table, IDX files, an experiment file, or mnist, fashion-mnist, cifar10',
  )
  .addOption(new Option('--split <name>', 'which split').choices(SPLITS).default('test' as const))
  .addOption(
    new Option('--weights <which>', 'the run’s weights at its end, at its best, or of its last checkpoint').choices([
      'final',
      'best',
      'last',
    ] as const),
  )
  .option('--out <file>', 'write the predictions, as .parquet or .csv')
  .option('--model <file>', 'experiment file whose model and preparation a .safetensors file is for')
  .option('--file <file>', 'the run’s experiment file, where it is not where it was')
  .addOption(
    new Option('--task <task>', 'what an .onnx file does; default: by its outputs').choices([
      'classification',
      'regression',
    ] as const),
  )
  .option('--classes <names>', 'the classes of an .onnx file, in order, with commas between them', names)
  .option('--target <column>', 'column of a table that is to be predicted, for a model that was not trained on one')
  .option('--range <low,high>', 'what the bytes 0 and 255 become for a model that takes float32, as in 0,1', range)
  .option('--resize', 'bring images of another size to the model’s: filled, and cut at both sides')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print everything as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay test-model latest
  assay test-model latest --data photos/ --resize --out photos.csv
  assay test-model mnist-lenet5-s0 --weights best --split validation
  assay test-model net.onnx --data mnist --range 0,1
  assay test-model resnet.safetensors --model examples/mnist-resnet18.ts --data mnist`,
  )
  .action(async (model, { json = false, out, runs, ...options }) => {
    if (out !== undefined) formatOf(out)
    const bar = taskBar()
    const loads = loading(bar)
    try {
      await interruptible(async (check) => {
        const hooks = {
          onProgress: (progress: Parameters<typeof loads.at>[0]) => {
            check()
            loads.at(progress)
          },
        }
        const run = isFile(model) ? undefined : await openRun(resolve(runs), model)
        const asked: Asked = await askedOf(model, run, options, hooks)
        try {
          const samples = fitSamples(await samplesFor(asked, options, hooks), asked.model, options)
          const answer = await predictSamples(asked.model, samples, {
            onProgress: async (done, total) => {
              check()
              bar.at('predicting', done / total)
              // A turn of the event loop, so that signals are heard.
              await setImmediate()
            },
          })
          const classes = namedClasses(asked.model, samples)
          bar.at('judging', 1)
          const judgement = samples.labelled
            ? judge(answer, asked.model.metrics, { classes, lossMetric: asked.model.lossMetric })
            : undefined
          const isFinal = options.weights === undefined || options.weights === 'final'
          const stored =
            run !== undefined && options.data === undefined && options.split === 'test' && isFinal
              ? await compareWithStored(run, answer.predictions)
              : undefined
          if (out !== undefined) await writeTested(resolve(out), samples, answer.predictions, classes)
          bar.stop()
          const result = { model: asked.model, samples, answer, judgement, stored, classes }
          if (json) printJson(testModelJson(result))
          else print(testModelText(result))
          for (const text of [...asked.model.notes, ...samples.notes]) note(`note: ${text}`)
          if (stored?.state === 'different') note(`note: ${stored.text}`)
          if (out !== undefined) note(`written: ${resolve(out)}`)
        } finally {
          await asked.model.dispose()
        }
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

/** Whether a model is given as a file and not as a run. */
const isFile = (model: string): boolean => ['.onnx', '.safetensors'].includes(extname(model).toLowerCase())

function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim())
  if (list.length < 2 || list.includes(''))
    throw new UsageError(`--classes is "${text}": give two names or more with commas between them`)
  return list
}

function range(text: string): readonly [number, number] {
  const [low, high, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (low === undefined || high === undefined || rest.length > 0 || !(low < high))
    throw new UsageError(`--range is "${text}": give two numbers, the smaller first, as in 0,1`)
  return [low, high]
}
