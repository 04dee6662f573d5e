import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { architectureSvg, toPng } from '../figures/index.ts'
import { type Summary, summary } from '../nn/index.ts'
import '../runtime/ort/node.ts'
import { type Experiment, prepare, preparedShape } from '../train/index.ts'
import { loadExperiment } from './loadExperiment.ts'
import { loading } from './loading.ts'
import { note, print, printJson, table } from './output.ts'

export const summaryCommand = new Command('summary')
  .description('Show what a model is made of, layer by layer, and draw it')
  .argument('<file>', 'experiment file (.ts or .js)')
  .option(
    '--input <shape>',
    'shape of one sample as the model gets it, as in 1,28,28; without it the data are loaded',
    shape,
  )
  .option('--svg <file>', 'draw the architecture as SVG, for light and dark')
  .option('--png <file>', 'draw the architecture as PNG, on white')
  .option('--json', 'print the table as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay summary examples/mnist-convnet.ts
  assay summary my-resnet.ts --input 3,224,224 --svg resnet.svg`,
  )
  .action(async (file, { input, svg, png, json = false }) => {
    const experiment = await loadExperiment(resolve(file))
    const sample = input ?? (await sampleShape(experiment))
    const found = summary(experiment.model, sample)
    if (svg !== undefined || png !== undefined) {
      const drawing = architectureSvg(experiment.model, sample)
      if (svg !== undefined) await write(resolve(svg), drawing.svg)
      if (png !== undefined) await write(resolve(png), await toPng(drawing.svg))
    }
    const bytes = found.parameters * Float32Array.BYTES_PER_ELEMENT
    if (json) printJson({ name: experiment.name, input: sample, bytes, ...found })
    else print(summaryText(experiment.name, sample, found))
    for (const path of [svg, png]) if (path !== undefined) note(`written: ${resolve(path)}`)
  })

/** Shape of one sample of the experiment's data, prepared as for training. */
async function sampleShape(experiment: Experiment): Promise<readonly number[]> {
  const shown = loading()
  try {
    const { network, train } = await prepare(experiment, { onProgress: (progress) => shown.at(progress) })
    return preparedShape(network, train.dataset.inputs.shape)
  } finally {
    shown.stop()
  }
}

/** A parser for sizes with commas between them. */
function shape(text: string): number[] {
  const sizes = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1))
    throw new UsageError(`--input is "${text}": give the sizes of one sample, as in 1,28,28`)
  return sizes
}

function summaryText(name: string, sample: readonly number[], { rows, parameters, macs }: Summary): string {
  const number = (value: number): string => (value === 0 ? '' : value.toLocaleString('en'))
  const columns = [
    { head: 'weights' },
    { head: 'layer' },
    { head: 'output', align: 'right' },
    { head: 'parameters', align: 'right' },
    { head: 'MACs', align: 'right' },
    { head: 'sees', align: 'right' },
  ] as const
  const cells = rows.map((row) => [
    row.path,
    row.layer,
    row.outputShape.join('×'),
    number(row.parameters),
    number(row.macs),
    row.receptiveField?.join('×') ?? '',
  ])
  return [
    `${pc.bold(name)}  samples of ${sample.join('×')}`,
    table(columns, cells),
    '',
    `${parameters.toLocaleString('en')} parameters, ${memory(parameters * Float32Array.BYTES_PER_ELEMENT)}; ${macs.toLocaleString('en')} multiply-accumulates a sample`,
  ].join('\n')
}

const memory = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

async function write(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, typeof data === 'string' ? data : Buffer.from(data))
}
