import type { Dataset } from '../../data/index.ts'
import type { GridImage } from '../../figures/imageGrid.ts'
import { imageSheet } from '../../figures/imageSheet.ts'
import type { RegressionPredictions } from '../../metrics/index.ts'
import type { Loss } from '../../nn/index.ts'
import { compile, spec } from '../../runtime/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { RunPicture } from '../content.ts'
import { value } from '../format.ts'
import type { Canvas } from './canvas.ts'

/** Images in a row. */
const COLUMNS = 10

/** Test images above what the network makes of them: the first ones, whatever came of them, and those with the largest losses. */
export async function reconstructions(
  { outputs, targets }: RegressionPredictions,
  dataset: Dataset,
  loss: Loss,
  canvas: Canvas,
): Promise<RunPicture> {
  const losses = await sampleLosses(outputs, targets, canvas.shape, loss)
  const classes = classNames(dataset)
  const first = firstOfEach(classes, losses.length)
  const worst = Array.from(losses, (_, i) => i)
    .sort((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0))
    .slice(0, first.length)
  const above = (i: number): GridImage => ({ ...canvas.target(targets, i), caption: classes?.[i] ?? `no. ${i}` })
  const below = (i: number): GridImage => ({ ...canvas.output(outputs, i), caption: value(losses[i] ?? Number.NaN) })
  const chosen = classes === undefined ? 'the first ones' : 'the first of each class'
  return {
    name: 'reconstructions',
    svg: await imageSheet([
      { label: 'test images', images: first.map(above) },
      { label: 'made of them', images: first.map(below) },
      { label: 'largest losses', images: worst.map(above) },
      { label: 'made of them', images: worst.map(below) },
    ]),
    alt: `${first.length} test images above what the network makes of them, and the ${worst.length} with the largest losses.`,
    caption: `Test images and what the network makes of them: ${chosen}, not chosen by quality, then those with the largest losses of all ${losses.length.toLocaleString('en-GB')}. Under each image that was made, the loss of its pixels.`,
    rows: [
      ...first.map((index) => ({ index, chosen: 'first' })),
      ...worst.map((index) => ({ index, chosen: 'largest loss' })),
    ].map(({ index, chosen: why }) => ({
      index,
      ...(classes !== undefined && { class: classes[index] ?? '' }),
      chosen: why,
      loss: losses[index] ?? Number.NaN,
    })),
  }
}

/** What each sample adds to the mean loss of the outputs. */
async function sampleLosses(
  outputs: Float32Array,
  targets: Float32Array,
  shape: Canvas['shape'],
  loss: Loss,
): Promise<Float64Array> {
  const size = sizeOf(shape)
  const lossOf = await compile(loss.apply, spec([1, ...shape]), spec([1, ...shape]))
  const losses = new Float64Array(outputs.length / size)
  const [output, target, out] = [new Float32Array(size), new Float32Array(size), new Float32Array(1)]
  for (let i = 0; i < losses.length; i++) {
    output.set(outputs.subarray(i * size, (i + 1) * size))
    target.set(targets.subarray(i * size, (i + 1) * size))
    await lossOf.runFlat([output, target], [out])
    losses[i] = out[0] ?? Number.NaN
  }
  return losses
}

/** The class of each sample, where `reconstruct` has put it beside them. */
export function classNames({ columns = [] }: Dataset): readonly string[] | undefined {
  const classes = columns.find(({ name }) => name === 'class')
  return classes?.type === 'text' ? Array.from(classes.codes, (code) => classes.categories[code] ?? '') : undefined
}

/** The first samples of every class, as many as a row has room for; without classes, the first samples. */
function firstOfEach(classes: readonly string[] | undefined, samples: number): number[] {
  if (classes === undefined) return Array.from({ length: Math.min(COLUMNS, samples) }, (_, i) => i)
  const names = [...new Set(classes)].sort().slice(0, COLUMNS)
  const each = Math.floor(COLUMNS / names.length)
  return names.flatMap((name) =>
    classes
      .map((own, i) => (own === name ? i : -1))
      .filter((i) => i >= 0)
      .slice(0, each),
  )
}
