import { planeOf, planes, type Sanity } from '../../inspect/index.ts'
import { diverging } from '../filterGrid.ts'
import { pictureKind, type SavedPicture } from '../render.ts'
import { mapCell } from './saliencySheet.ts'
import { divergingLegend, tableSheet } from './tableSheet.ts'

/**
 * The maps of the first sample while a network's weights are drawn anew: a row a method, the trained network's map first, then one a layer from the
 * output down.
 *
 * @param sample - `[channels, height, width]`
 * @param samples - that the maps are of
 *
 * @example
 * const picture = await sanitySheet(await sanityCheck(network, question, options), [1, 28, 28], 8)
 */
export async function sanitySheet(
  { maps, steps }: Pick<Sanity, 'maps' | 'steps'>,
  sample: readonly number[],
  samples: number,
): Promise<SavedPicture> {
  const { height, width } = planeOf(sample)
  const methods = (maps[0]?.maps ?? []).map(({ method }) => method)
  return pictureKind.mark({
    png: await tableSheet({
      title: 'One sample’s maps while weights are drawn anew, from the output down',
      heads: maps.map(({ layer }) => (layer === '' ? 'trained' : `to ${layer}`)),
      rows: methods.map((method, m) => ({
        label: [method],
        cells: maps.map(({ maps: own }) => {
          const map = own[m]
          if (map === undefined) return undefined
          return mapCell(
            { name: method, values: planes(map, sample, samples).subarray(0, height * width) },
            height,
            width,
          )
        }),
      })),
      legend: divergingLegend(diverging, ['against', 'for'], 'each map from −m to m, m written under it; white is 0'),
      height: 100,
    }),
    rows: steps.map((step) => ({ ...step, ssim: step.ssim ?? null })),
  })
}
