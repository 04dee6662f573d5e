import { isWeights, type Variables } from '../nn/index.ts'
import { leavesOf, type Shape } from '../tensor/index.ts'
import { type Inspected, layersOf } from './activations.ts'

/**
 * The layer whose output the last layer with weights takes: what a network has made of a sample before it decides.
 *
 * @param prepared - shape of one sample as the model gets it
 * @returns its path; undefined where the last layer with weights is the first layer of all
 *
 * @example
 * penultimate({ model: leNet5() }, variables, [1, 28, 28]) // 'act4'
 */
export function penultimate(of: Inspected, { parameters }: Variables, prepared: Shape): string | undefined {
  const owners = new Set(leavesOf(parameters, isWeights).map(({ path }) => path.split('.').slice(0, -1).join('.')))
  const layers = layersOf(of.model, prepared)
  const last = layers.findLastIndex(({ path }) => owners.has(path))
  const input = layers[last]?.input.join()
  return layers.slice(0, Math.max(0, last)).findLast(({ output }) => output.join() === input)?.path
}
