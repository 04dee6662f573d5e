import { gather } from '../../data/index.ts'
import { imageGridPng } from '../../figures/imageGrid.ts'
import { projectionFigure } from '../../figures/projection.ts'
import { toSvg } from '../../figures/render.ts'
import { normalQuantile } from '../../metrics/index.ts'
import { foldIn, key, normal } from '../../random/index.ts'
import { compile, spec } from '../../runtime/index.ts'
import type { Prepared } from '../../train/index.ts'
import type { RunPicture } from '../content.ts'
import type { Canvas } from './canvas.ts'
import type { LatentModel } from './latentModel.ts'
import { classNames } from './reconstructions.ts'

/** Images on a side of the grid of samples and of the walk; test samples in the plane. */
const [SIDE, STEPS, POINTS] = [10, 15, 1000]

/** What the decoder makes of standard normal numbers, which come from the run's seed. */
export async function generatedImages(latent: LatentModel, seed: number, canvas: Canvas): Promise<RunPicture> {
  const count = SIDE * SIDE
  const numbers = normal(foldIn(key(seed), 'generated images'), count * latent.size)
  const rows = Array.from({ length: count }, (_, image) => ({
    image,
    ...Object.fromEntries(
      Array.from({ length: latent.size }, (_, j) => [`z${j + 1}`, numbers[image * latent.size + j] ?? 0]),
    ),
  }))
  return {
    name: 'generated-images',
    png: await decoded(latent, numbers, SIDE, canvas),
    alt: `${count} images that the decoder makes of standard normal numbers.`,
    caption: `What the decoder makes of standard normal numbers: ${count} draws from the run’s seed, none left out.`,
    rows,
  }
}

/** The plane of two latent numbers, in steps of equal probability. */
export async function latentWalk(latent: LatentModel, canvas: Canvas): Promise<RunPicture> {
  const share = (i: number): number => (i + 0.5) / STEPS
  const rows = Array.from({ length: STEPS * STEPS }, (_, i) => {
    const [row, column] = [Math.floor(i / STEPS), i % STEPS]
    // The second number grows upwards, as in the plane of the test samples.
    const [p1, p2] = [share(column), share(STEPS - 1 - row)]
    return { row, column, p1, p2, z1: normalQuantile(p1), z2: normalQuantile(p2) }
  })
  const numbers = Float32Array.from(rows.flatMap(({ z1, z2 }) => [z1, z2]))
  return {
    name: 'latent-walk',
    png: await decoded(latent, numbers, STEPS, canvas),
    alt: `${rows.length} images that the decoder makes along both latent numbers.`,
    caption: `What the decoder makes along the first latent number (to the right) and the second (upwards), at ${STEPS} quantiles of the standard normal distribution each.`,
    rows,
  }
}

/** Where the encoder puts test samples in the plane of two latent numbers. */
export async function latentPlane(latent: LatentModel, { test, network, inputDtype }: Prepared): Promise<RunPicture> {
  const { dataset } = test
  const indices = test.indices.subarray(0, POINTS)
  const { inputs } = await gather(dataset, indices)
  const encode = await compile(
    (x) => latent.encode(network.prepare(x)),
    spec([indices.length, ...dataset.inputs.shape], inputDtype),
  )
  const means = await encode(inputs)
  const names = classNames(dataset)
  const points = Array.from(indices, (index, i) => ({
    x: means[2 * i] ?? 0,
    y: means[2 * i + 1] ?? 0,
    ...(names !== undefined && { class: names[index] ?? '' }),
  }))
  const figure = projectionFigure(points, {
    ...(names !== undefined && { classes: [...new Set(names)].sort() }),
    axes: ['mean of the first latent number', 'mean of the second latent number'],
    title: 'Test samples in the latent plane',
  })
  return {
    name: 'latent-plane',
    svg: await toSvg(figure.spec),
    spec: figure.spec,
    alt: figure.alt,
    caption: `Where the encoder puts the first ${points.length.toLocaleString('en-GB')} test samples.`,
    rows: figure.rows,
  }
}

/** Latent numbers, decoded, as a grid of images. */
async function decoded(
  { size, decode }: LatentModel,
  numbers: Float32Array,
  columns: number,
  canvas: Canvas,
): Promise<Uint8Array> {
  const count = numbers.length / size
  const program = await compile(decode, spec([count, size]))
  const pixels = Float32Array.from(await program(numbers))
  const scale = Math.max(1, Math.round(56 / canvas.shape[1]))
  return imageGridPng(
    Array.from({ length: count }, (_, i) => canvas.output(pixels, i)),
    { columns, scale },
  )
}
