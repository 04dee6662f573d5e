import { UsageError } from '../../errors.ts'
import { asImage } from '../featureMaps.ts'
import { short, tileOfValues } from '../featureSheet.ts'
import { diverging } from '../filterGrid.ts'
import { extent, type GridImage, tileOf } from '../imageGrid.ts'
import type { Rgb } from '../raster.ts'
import { pictureKind, type SavedPicture } from '../render.ts'
import { divergingLegend, type SheetCell, type SheetLine, tableSheet } from './tableSheet.ts'

/** An image and what several methods say of it. */
export interface ExplainedImage {
  /** As it is stored, `[channels, height, width]`. */
  readonly data: Uint8Array | Float32Array
  readonly shape: readonly number[]
  /** Lines at the left: which it is, what it is taken for, what is explained. */
  readonly label: readonly string[]
  /** Of each column, `[height, width]`. */
  readonly maps: readonly NamedMap[]
}

export interface NamedMap {
  readonly name: string
  readonly values: Float32Array
  /** A line under the map, after its scale. */
  readonly line?: string
}

/** Share of a map's magnitudes that colours tell apart; the few beyond are of the last colour. */
const SHOWN = 0.995

/**
 * Explanations of images: a row a sample, a column a method. Every map has one diverging scale around zero, whose ends are the map's own: methods
 * answer in different units. The ends stand under each map.
 *
 * @throws UsageError where there is no sample
 *
 * @example
 * const picture = await saliencySheet('What speaks for the predicted class', [{ data, shape: [1, 28, 28], label: ['test 0'], maps }])
 */
export async function saliencySheet(
  title: string,
  samples: readonly ExplainedImage[],
  notes: readonly string[] = [],
): Promise<SavedPicture> {
  const [first] = samples
  if (first === undefined) throw new UsageError('there is no sample to explain: choose at least one')
  const images = samples.map((sample): GridImage => asImage(sample))
  const range = extent(images.map(({ data }) => data))
  const rows = samples.map(({ label, maps }, i): SheetLine => {
    const image = images[i]
    const [, height = 1, width = 1] = image?.shape ?? []
    return {
      label,
      cells: [image && { tile: tileOf(image, range) }, ...maps.map((map) => mapCell(map, height, width))],
    }
  })
  return pictureKind.mark({
    png: await tableSheet({
      title,
      heads: ['input', ...first.maps.map(({ name }) => name)],
      rows,
      legend: divergingLegend(diverging, ['against', 'for'], 'each map from −m to m, m written under it; white is 0'),
      notes,
    }),
    rows: samples.flatMap(({ label, maps }) =>
      maps.map(({ name, values }) => {
        const [low, high] = extent([values])
        return {
          sample: label[0] ?? '',
          method: name,
          sum: values.reduce((sum, value) => sum + value, 0),
          min: low,
          max: high,
          scale: scaleOf(values),
        }
      }),
    ),
  })
}

/** A map on a diverging scale of its own. */
export function mapCell({ values, line }: NamedMap, height: number, width: number): SheetCell {
  const scale = scaleOf(values)
  const colour = (value: number): Rgb => diverging(scale > 0 ? value / scale : 0)
  return {
    tile: tileOfValues(values, height, width, colour),
    lines: [`m = ${short(scale)}`, ...(line === undefined ? [] : [line])],
  }
}

/** The magnitude that takes the last colour. */
export function scaleOf(values: Float32Array): number {
  const sorted = values.map(Math.abs).sort()
  const found = sorted[Math.min(sorted.length - 1, Math.floor(SHOWN * sorted.length))] ?? 0
  return found > 0 ? found : (sorted.at(-1) ?? 0)
}
