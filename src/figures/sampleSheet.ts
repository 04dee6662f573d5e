import { UsageError } from '../errors.ts'
import type { Row } from './figure.ts'
import type { GridImage } from './imageGrid.ts'
import { imageSheet } from './imageSheet.ts'
import { pictureKind, type SavedPicture } from './render.ts'

/** An example that a classifier was asked about. */
export interface JudgedSample {
  /** Position in its split. */
  readonly index: number
  readonly label: string
  readonly predicted: string
  /** Probability of the predicted class. */
  readonly confidence: number
  /** Probability of the predicted class less that of the second. */
  readonly margin: number
  /** Of the probabilities, in nats: 0 where one class has all, ln k where k classes have the same. */
  readonly entropy: number
}

/** Images in a row. */
const COLUMNS = 5

/**
 * Judged samples as a sheet of images: under each its class, what it was taken for and how sure the network was. What the sheet shows is
 * to be chosen before, as by `worstMistakes` or `mostUncertain`.
 *
 * @param samples - with their images, in the order in which they are shown
 * @param what - in words, as `surest mistakes`
 * @throws UsageError when there is no sample, or an image has a shape that is none
 *
 * @example
 * const picture = await sampleSheet(mistakes.map((sample) => ({ ...sample, image: imageOf(sample.index) })), 'surest mistakes')
 */
export async function sampleSheet(
  samples: readonly (JudgedSample & { readonly image: GridImage })[],
  what: string,
): Promise<SavedPicture & { readonly svg: string; readonly alt: string }> {
  if (samples.length === 0) throw new UsageError(`there are no ${what} to show: give at least one sample`)
  const images = samples.map(({ image, label, predicted, confidence }) => ({
    ...image,
    caption: `${label === predicted ? label : `${label}→${predicted}`} ${(100 * confidence).toFixed(0)}%`,
  }))
  const rows = Array.from({ length: Math.ceil(images.length / COLUMNS) }, (_, r) => ({
    images: images.slice(r * COLUMNS, (r + 1) * COLUMNS),
  }))
  return pictureKind.mark({
    svg: await imageSheet(rows, { height: 84 }),
    rows: sampleRows(samples),
    alt: `${samples.length} images: ${what}. ${samples
      .slice(0, 3)
      .map(({ label, predicted }) =>
        label === predicted ? `${label}, rightly told` : `${label} taken for ${predicted}`,
      )
      .join('; ')}${samples.length > 3 ? '; and others' : ''}.`,
  })
}

/** Judged samples as rows of a table. */
export const sampleRows = (samples: readonly JudgedSample[]): Row[] =>
  samples.map(({ index, label, predicted, confidence, margin, entropy }) => ({
    ...{ index, label, predicted, confidence, margin, entropy },
  }))
