import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import type { InspectedLayer } from '../activations.ts'
import { NONLINEAR } from '../featureLayers.ts'

/**
 * Which layers' units are asked for.
 *
 * @param layers as `layersOf` lists them
 * @param wanted paths, or numbers that count the layers without layers inside from 0; `'all'`: all of those; default: the
 *   activations and the last layer
 * @throws UsageError naming the nearest where there is no such layer
 *
 * @example
 * unitLayers(layersOf(sequential(linear(8), relu(), linear(2)), [3])).map(({ path }) => path) // ['1', '2']
 */
export function unitLayers(
  layers: readonly InspectedLayer[],
  wanted?: 'all' | readonly string[],
): readonly InspectedLayer[] {
  const single = layers.filter(({ layer }) => layer.children === undefined)
  if (wanted === 'all') return single
  if (wanted === undefined) {
    const last = single.at(-1)
    const active = single.filter((one) => NONLINEAR.test(one.layer.kind) && one !== last)
    return last === undefined ? active : [...active, last]
  }
  return wanted.map((name) => {
    const found = layers.find(({ path }) => path === name) ?? (/^\d+$/.test(name) ? single[Number(name)] : undefined)
    if (found !== undefined) return found
    const paths = single.map(({ path }) => path)
    throw new UsageError(`${missingName('the model', 'layer', name, paths)}; numbers count them from 0`)
  })
}
