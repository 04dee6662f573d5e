import { gather } from '../../data/index.ts'
import { featureNames } from '../../data/table/encoding.ts'
import { UsageError } from '../../errors.ts'
import {
  dataSummary,
  excitations,
  layersOf,
  type Maximized,
  type MaximizeOptions,
  maximize,
  type Objective,
  objectiveName,
  type StrongSample,
  strongest,
} from '../../inspect/index.ts'
import { key } from '../../random/index.ts'
import type { LoadedNetwork, Samples } from '../../runs/testModel/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { asImage } from '../featureMaps.ts'
import { short } from '../featureSheet.ts'
import { type Figure, plotted, type Row } from '../figure.ts'
import { extent, tileOf } from '../imageGrid.ts'
import { pictureKind, type SavedPicture } from '../render.ts'
import type { NamedPicture } from './namedPicture.ts'
import { smallBars } from './smallBars.ts'
import { smallSignals } from './smallSignals.ts'
import { type SheetCell, type SheetLine, tableSheet } from './tableSheet.ts'

export interface MaximizePicturesOptions
  extends Omit<MaximizeOptions, 'key' | 'summary' | 'dtype' | 'scales' | 'onProgress'> {
  /** Default: all outputs, at most 16. */
  readonly objectives?: readonly Objective[] | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  onProgress?(task: string, share: number): void
}

/** Objectives where none is named, and beside each other in a sheet. */
const [MOST, ABREAST] = [16, 10]

/**
 * Objectives from what a user names: channels or units of a layer, the first 16 channels of it, or nothing.
 *
 * @param numbers - of channels or units; default the first of them
 */
export function objectivesOf(
  { network, sample }: Pick<LoadedNetwork, 'network' | 'sample'>,
  layer: string | undefined,
  {
    channels,
    units,
  }: { readonly channels?: readonly number[] | undefined; readonly units?: readonly number[] | undefined },
): readonly Objective[] | undefined {
  if (layer === undefined) {
    if (channels === undefined && units === undefined) return undefined
    throw new UsageError('--channels and --units are numbers in a layer: name it by --layer')
  }
  const found = layersOf(network.model, preparedShape(network, sample)).find(({ path }) => path === layer)
  const count = Math.min(MOST, found?.output[0] ?? 1)
  const given = (kind: 'channel' | 'unit', numbers: readonly number[]) =>
    numbers.map((index) => ({ kind, layer, index }))
  if (channels === undefined && units === undefined)
    return given(
      'channel',
      Array.from({ length: count }, (_, i) => i),
    )
  return [...given('channel', channels ?? []), ...given('unit', units ?? [])]
}

/**
 * Inputs that excite outputs, channels or units, each beside the sample of the split that does so most, and noise.
 *
 * @example
 * const [picture] = await maximizePictures(loaded, samples, { steps: 128 })
 */
export async function maximizePictures(
  {
    network,
    variables,
    sample,
    target,
    dtype,
  }: Pick<LoadedNetwork, 'network' | 'variables' | 'sample' | 'target' | 'dtype'>,
  samples: Samples,
  { objectives: wanted, seed = 0, onProgress = () => {}, ...options }: MaximizePicturesOptions = {},
): Promise<NamedPicture[]> {
  const outputs = target.task === 'classification' ? target.classes.length : sizeOf(target.shape)
  const objectives =
    wanted ?? Array.from({ length: Math.min(MOST, outputs) }, (_, index): Objective => ({ kind: 'output', index }))
  onProgress('reading the data', 0)
  const summary = await dataSummary(samples, () => onProgress('reading the data', Number.NaN))
  const best = await strongest(
    network,
    variables,
    samples,
    (application) => ({ scores: excitations(application, objectives) }),
    {
      k: 1,
      onProgress: (done, total) => onProgress('looking for the strongest samples', done / total),
    },
  )
  const found = await maximize(network, variables, sample, objectives, {
    ...options,
    ...{ key: key(seed), summary, dtype },
    scales: best.map(([one]) => one?.value ?? 1),
    onProgress: (step, steps) =>
      onProgress(`exciting ${objectives.length} at once, step ${step} of ${steps}`, step / steps),
  })
  const strong = best.map(([one]) => one)
  const { inputs } = await gather(
    samples.dataset,
    Uint32Array.from(strong, (one) => samples.indices[one?.position ?? 0] ?? 0),
  )
  const classes = target.task === 'classification' ? target.classes : []
  const results = found.map((one, i): Result => {
    const name = objectiveName(one.objective, classes)
    const size = sizeOf(sample)
    return { ...one, name, strong: strong[i], sample: inputs.slice(i * size, (i + 1) * size) }
  })
  const isOutput = objectives.every(({ kind }) => kind === 'output')
  return [
    {
      name: isOutput
        ? 'maximize'
        : `maximize-${[...new Set(objectives.map((one) => (one.kind === 'output' ? 'output' : one.layer)))].join('-')}`,
      sentence: sentenceOf(results, samples),
      picture: await pictureOf(results, sample, samples),
    },
  ]
}

interface Result extends Maximized {
  readonly name: string
  readonly strong: StrongSample | undefined
  readonly sample: Uint8Array | Float32Array
}

async function pictureOf(
  results: readonly Result[],
  shape: readonly number[],
  samples: Samples,
): Promise<Figure | SavedPicture> {
  const rows = results.map(
    ({ objective, name, activation, strong, noise }): Row => ({
      ...{ objective: name, kind: objective.kind, index: objective.index, activation },
      ...{ strongest: strong?.value ?? null, sample: strong?.position ?? null, noise: noise.mean },
    }),
  )
  const title = 'Inputs that excite most, beside the strongest samples and noise'
  if (shape.length < 3) {
    const { encoding } = samples.dataset
    const features = shape.length === 1 && encoding !== undefined ? featureNames(encoding) : undefined
    const length = shape.at(-1) ?? 1
    const part = (values: Uint8Array | Float32Array): Float32Array => Float32Array.from(values.subarray(0, length))
    const plots = results.flatMap(({ name, input, activation, strong, sample, noise }) => [
      { row: name, column: 'optimised', note: short(activation), values: part(input) },
      { row: name, column: 'strongest sample', note: short(strong?.value ?? Number.NaN), values: part(sample) },
      { row: name, column: 'noise', note: `mean ${short(noise.mean)}`, values: part(noise.input) },
    ])
    const subtitle = `in each: its activation${shape.length === 2 && (shape[0] ?? 1) > 1 ? '; the first channel' : ''}`
    const { spec, alt } =
      shape.length === 1 ? smallBars(title, plots, features, subtitle) : smallSignals(title, plots, { subtitle })
    return plotted({ spec, alt, rows: [...valueRows(results, features)] })
  }
  const float = results.flatMap(({ input, sample, noise }) => [input, Float32Array.from(sample), noise.input])
  const range =
    samples.dataset.inputs.shape.length === 3 && results[0]?.sample instanceof Uint8Array
      ? ([0, 255] as const)
      : extent(float)
  const cell = (data: Uint8Array | Float32Array, lines: readonly string[]): SheetCell => ({
    tile: tileOf(asImage({ data: Float32Array.from(data), shape }), range),
    lines,
  })
  const label = (one: StrongSample | undefined): string => {
    const { labelled, dataset, indices } = samples
    if (one === undefined || !labelled || dataset.targets.task !== 'classification') return ''
    return dataset.targets.classes[dataset.targets.labels[indices[one.position] ?? 0] ?? 0] ?? ''
  }
  const lines: SheetLine[] = []
  for (let begin = 0; begin < results.length; begin += ABREAST) {
    const part = results.slice(begin, begin + ABREAST)
    lines.push(
      {
        label: ['optimised'],
        cells: part.map(({ input, activation, name }) => cell(input, [name, short(activation)])),
      },
      {
        label: ['strongest', 'sample'],
        cells: part.map(({ sample, strong }) =>
          cell(sample, [[label(strong), short(strong?.value ?? Number.NaN)].filter((word) => word !== '').join(': ')]),
        ),
      },
      { label: ['noise', '(mean of 64)'], cells: part.map(({ noise }) => cell(noise.input, [short(noise.mean)])) },
    )
  }
  return pictureKind.mark({
    png: await tableSheet({
      title,
      rows: lines,
      notes: ['under each picture: how strongly it excites what is named at the top'],
      height: 112,
    }),
    rows,
  })
}

function* valueRows(results: readonly Result[], features: readonly string[] | undefined): Generator<Row> {
  for (const { name, input, sample, activation, strong, noise } of results)
    for (const [i, value] of input.entries())
      yield {
        ...{ objective: name, place: features?.[i] ?? i, optimised: value, strongest: sample[i] ?? null },
        ...{ activation, strongestActivation: strong?.value ?? null, noiseActivation: noise.mean },
      }
}

function sentenceOf(results: readonly Result[], samples: Samples): string {
  const beyond = results.filter(({ activation, strong }) => activation > (strong?.value ?? Number.POSITIVE_INFINITY))
  const short4 = results
    .slice(0, 4)
    .map(
      ({ name, activation, strong, noise }) =>
        `${name} ${short(activation)} (strongest sample ${short(strong?.value ?? Number.NaN)}, noise ${short(noise.mean)})`,
    )
  const rest = results.filter((one) => !beyond.includes(one)).map(({ name }) => name)
  return `Activations reached: ${short4.join(', ')}${results.length > 4 ? ', …' : ''}. ${beyond.length} of ${results.length} optimised inputs excite more than any of ${samples.indices.length} samples${rest.length === 0 ? '' : `; not ${rest.slice(0, 6).join(', ')}${rest.length > 6 ? ', …' : ''}`}.`
}
