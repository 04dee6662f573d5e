import { mkdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import pc from 'picocolors'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { chosenSamples, type FeaturePicture, featurePictures, savePicture, valueColumns } from '../figures/index.ts'
import '../runtime/ort/node.ts'
import { openRun } from '../runs/index.ts'
import { writeParquet } from '../runs/parquet.ts'
import { fitSamples, loadNetwork, SPLITS, testedNetwork } from '../runs/testModel/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { interruptible } from './interrupts.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { wholeNumber } from './parse.ts'
import { taskBar } from './taskBar.ts'
import { samplesFor } from './testModelSource.ts'

/** Maps of more numbers than this are drawn and summed up, but not kept as numbers. */
const MOST_VALUES = 200_000

export const featuresCommand = new Command('features')
  .description('Draw what the layers of a convolutional network make of chosen inputs, and its first filters')
  .argument('<run>', 'id, beginning of an id, folder, or "latest"')
  .option(
    '--layer <paths>',
    'layers, as assay summary names them (0,3 or layer1.0.conv1) or counts them from 0, or "all"; default: the first two convolutions and the nonlinearities after them',
    (text) => (text === 'all' ? ('all' as const) : text.split(',').map((path) => path.trim())),
  )
  .option('--inputs <numbers>', 'which samples of the split, from 0, as in 0,5,17', numbers)
  .option('--per-class <n>', 'the first n samples of each class; default 1', wholeNumber('--per-class', 1))
  .option('--data <what>', 'other data, as for assay test-model: an image, a folder, a table, mnist, …')
  .addOption(new Option('--split <name>', 'which split').choices(SPLITS).default('test' as const))
  .addOption(
    new Option('--weights <which>', 'the run’s weights at its end, at its best, or of its last checkpoint').choices([
      'final',
      'best',
      'last',
    ] as const),
  )
  .option('--channels <n>', 'at most this many channels a sheet', wholeNumber('--channels', 1), 64)
  .option('--resize', 'bring images of another size to the model’s')
  .option('--out <folder>', 'where the pictures go; default: figures/features in the run’s folder')
  .option('--file <file>', 'the run’s experiment file, where it is not where it was')
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option('--json', 'print what was written, with the numbers, as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay features latest
  assay features mnist-resnet18-s0 --layer layer1.0.conv1,layer4 --inputs 0,5,17
  assay features latest --data cat.png --resize --out cat`,
  )
  .action(async (name, { json = false, out, layer, inputs, perClass, channels, runs, ...options }) => {
    if (inputs !== undefined && perClass !== undefined)
      throw new UsageError('--inputs and --per-class both choose samples: give one of them')
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
        const run = await openRun(resolve(runs), name)
        const experiment = await experimentOfRun(run, options.file)
        const { weights } = options
        const loaded = await loadNetwork(run, experiment, { ...hooks, ...(weights && { weights }) })
        const model = testedNetwork(loaded, experiment)
        const samples = fitSamples(await samplesFor({ model, run, experiment }, options, hooks), model)
        const chosen = chosenSamples(samples, { inputs, perClass })
        bar.at('drawing', 1)
        const pictures = await featurePictures(loaded, model, samples, chosen, {
          ...(layer && { layers: layer }),
          limit: channels,
        })
        check()
        const folder = out === undefined ? join(run.folder, 'figures', 'features') : resolve(out)
        for (const picture of pictures) await save(folder, picture)
        bar.stop()
        const told = pictures.map(({ name: picture, layer: path, sentence, rows }) => ({
          picture: join(folder, `${picture}.png`),
          layer: path,
          sentence,
          rows,
        }))
        if (json) printJson({ run: run.id, data: samples.name, inputs: chosen, pictures: told })
        else for (const { picture, sentence } of told) print(`${pc.bold(basename(picture))}\n  ${sentence}`)
        for (const text of [...loaded.notes, ...samples.notes]) note(`note: ${text}`)
        note(`written: ${folder}`)
      })
    } finally {
      loads.stop()
      bar.stop()
    }
  })

/** A picture, its numbers, its sentence and, where they are few enough, all of its values. */
async function save(folder: string, { name, activation, sentence, ...picture }: FeaturePicture): Promise<void> {
  const writeBytes = async (file: string, data: Uint8Array | string): Promise<string> => {
    const path = join(folder, basename(file))
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomic(path, typeof data === 'string' ? data : Buffer.from(data))
    return path
  }
  await savePicture({ writeBytes }, name, picture)
  await writeBytes(`${name}.txt`, `${sentence}\n`)
  if (activation !== undefined && activation.data.length <= MOST_VALUES)
    await writeParquet(join(folder, `${name}.parquet`), valueColumns(activation))
}

function numbers(text: string): number[] {
  return text.split(',').map((part) => wholeNumber('--inputs', 0)(part))
}
