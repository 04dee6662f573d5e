import { gather } from '../../data/index.ts'
import { featureNames } from '../../data/table/encoding.ts'
import { UsageError } from '../../errors.ts'
import {
  type FieldBox,
  hasMaps,
  lastConvolution,
  layersOf,
  penultimate,
  type TopSamples,
  topSamples,
} from '../../inspect/index.ts'
import { describeLayer } from '../../nn/index.ts'
import type { LoadedNetwork, Samples } from '../../runs/testModel/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { preparedShape } from '../../train/index.ts'
import { asImage } from '../featureMaps.ts'
import { short } from '../featureSheet.ts'
import type { Row } from '../figure.ts'
import { extent, type GridImage, tileOf } from '../imageGrid.ts'
import type { NamedPicture } from './namedPicture.ts'
import { smallBars } from './smallBars.ts'
import { smallSignals } from './smallSignals.ts'
import { type SheetCell, tableSheet } from './tableSheet.ts'

export interface TopPicturesOptions {
  /** Samples of each channel. Default 9. */
  readonly top?: number | undefined
  /** Paths of layers, or all that have maps; default the last convolution with its nonlinearity, or the layer before the last. */
  readonly layers?: 'all' | readonly string[] | undefined
  /** At most this many channels a sheet; default 16. */
  readonly limit?: number | undefined
  onProgress?(task: string, share: number): void
}

/**
 * The samples of a split that excite each channel of a layer most: a row a channel, crops of what the channel sees.
 *
 * @example
 * const pictures = await topPictures(loaded, samples, { layers: ['conv2'], top: 9 })
 */
export async function topPictures(
  { network, variables, sample }: Pick<LoadedNetwork, 'network' | 'variables' | 'sample'>,
  samples: Samples,
  { top = 9, layers, limit = 16, onProgress = () => {} }: TopPicturesOptions = {},
): Promise<NamedPicture[]> {
  const prepared = preparedShape(network, sample)
  const usual =
    (sample.length > 1 ? lastConvolution(network, prepared) : undefined) ?? penultimate(network, variables, prepared)
  const wanted =
    layers === 'all'
      ? layersOf(network.model, prepared).flatMap((one) =>
          one.layer.children === undefined && hasMaps(one) ? [one.path] : [],
        )
      : (layers ?? (usual === undefined ? [] : [usual]))
  if (wanted.length === 0)
    throw new UsageError(
      `the model has no layer before its last, or none with maps: name one by --layer; it has ${layersOf(
        network.model,
        prepared,
      )
        .map(({ path }) => path || 'none')
        .join(', ')}`,
    )
  const pictures: NamedPicture[] = []
  for (const path of wanted) {
    const found = await topSamples(network, variables, samples, path, {
      k: top,
      onProgress: (done, total) => onProgress(`looking for what excites ${path}`, done / total),
    })
    pictures.push({
      name: `top-${path === '' ? 'model' : path}`,
      sentence: sentenceOf(found, samples),
      picture: await topPicture(found, samples, limit),
    })
  }
  return pictures
}

async function topPicture(found: TopSamples, samples: Samples, limit: number): Promise<NamedPicture['picture']> {
  const { layer, channels } = found
  const { shape } = samples.dataset.inputs
  const shown = channels.slice(0, limit)
  const title = `${layer.path === '' ? 'the model' : layer.path}: ${describeLayer(layer.layer)}: what excites each channel most${shown.length < channels.length ? `, the first ${shown.length} of ${channels.length}` : ''}`
  const positions = shown.flatMap((best) => best.map(({ position }) => position))
  const { inputs } = await gather(
    samples.dataset,
    Uint32Array.from(positions, (p) => samples.indices[p] ?? 0),
  )
  const size = sizeOf(shape)
  const images = positions.map((_, i) => inputs.slice(i * size, (i + 1) * size))
  const rows = rowsOf(found, samples)
  let at = 0
  if (shape.length < 3) {
    const { encoding } = samples.dataset
    const plots = shown.flatMap((best, channel) =>
      best.map(({ value, box }, rank) => ({
        ...{ row: `channel ${channel}`, column: `${rank + 1}`, note: short(value) },
        values: Float32Array.from((images[at++] ?? new Float32Array()).subarray(0, shape.at(-1) ?? 1)),
        ...(box && { from: box.left, to: box.left + box.width }),
      })),
    )
    const figure =
      shape.length === 1 ? smallBars(title, plots, encoding && featureNames(encoding)) : smallSignals(title, plots)
    return { ...figure, rows }
  }
  const range = extent(images)
  return {
    png: await tableSheet({
      title,
      heads: Array.from({ length: Math.max(...shown.map(({ length }) => length)) }, (_, rank) => `${rank + 1}`),
      rows: shown.map((best, channel) => ({
        label: [`channel ${channel}`],
        cells: best.map((one): SheetCell => {
          const image = asImage({ data: images[at++] ?? new Float32Array(), shape })
          const lines = [`${short(one.value)}${classOf(samples, one.position)}`]
          return { tile: tileOf(one.box === undefined ? image : cropped(image, one.box), range), lines }
        }),
      })),
      notes: channels.some((best) => best.some(({ box }) => box !== undefined))
        ? [
            'each crop is what the channel sees at the place that excites it most; below: value of the channel there, class',
          ]
        : ['below: value of the channel, class'],
      height: 84,
    }),
    rows,
  }
}

function cropped({ data, shape: [channels, height, width] }: GridImage, box: FieldBox): GridImage {
  const size = box.height * box.width
  const out = data instanceof Uint8Array ? new Uint8Array(channels * size) : new Float32Array(channels * size)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < box.height; y++)
      for (let x = 0; x < box.width; x++)
        out[c * size + y * box.width + x] = data[(c * height + box.top + y) * width + box.left + x] ?? 0
  return { data: out, shape: [channels, box.height, box.width] }
}

const labelOf = ({ labelled, dataset: { targets }, indices }: Samples, position: number): string | undefined =>
  labelled && targets.task === 'classification'
    ? targets.classes[targets.labels[indices[position] ?? 0] ?? 0]
    : undefined

function classOf(samples: Samples, position: number): string {
  const label = labelOf(samples, position)
  return label === undefined ? '' : ` · ${label}`
}

const rowsOf = ({ layer, channels }: TopSamples, samples: Samples): Row[] =>
  channels.flatMap((best, channel) =>
    best.map(({ position, value, place, box }, rank) => ({
      ...{ layer: layer.path, channel, rank: rank + 1, sample: position },
      ...{ class: labelOf(samples, position) ?? null, value, place },
      ...{ top: box?.top ?? null, left: box?.left ?? null, height: box?.height ?? null, width: box?.width ?? null },
    })),
  )

function sentenceOf({ layer, channels }: TopSamples, samples: Samples): string {
  const k = Math.max(...channels.map(({ length }) => length))
  const pure = channels.flatMap((best, channel) => {
    const classes = new Set(best.map(({ position }) => labelOf(samples, position)))
    const [only] = classes
    return best.length > 1 && classes.size === 1 && only !== undefined ? [{ channel, only }] : []
  })
  const silent = channels.flatMap((best, channel) => ((best[0]?.value ?? 0) <= 0 ? [channel] : []))
  const values = channels.map((best) => best[0]?.value ?? 0)
  const classes =
    labelOf(samples, 0) === undefined
      ? ''
      : pure.length === 0
        ? '; no channel’s samples are all of one class'
        : `; of ${pure.length} channel${pure.length === 1 ? '' : 's'} all ${k} are of one class (${pure
            .slice(0, 6)
            .map(({ channel, only }) => `${channel}: ${only}`)
            .join(', ')}${pure.length > 6 ? ', …' : ''})`
  const dead =
    silent.length === 0
      ? ''
      : `; ${silent.length} channel${silent.length === 1 ? '' : 's'} (${silent.slice(0, 8).join(', ')}${silent.length > 8 ? ', …' : ''}) ${silent.length === 1 ? 'is' : 'are'} excited by no sample`
  return `The ${k} samples of ${samples.indices.length} that excite each of ${channels.length} channels of ${layer.path === '' ? 'the model' : layer.path} most; the largest values go from ${short(Math.min(...values))} to ${short(Math.max(...values))}${classes}${dead}.`
}
