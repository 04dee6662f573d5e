import { applyModel, parameterCount, symbolic } from '../nn/index.ts'
import { placeholder, sizeOf } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { initialVariables, type Prepared, preparedShape } from './prepare.ts'

/**
 * Bytes that the members of one program may need in a step: what does not fit in a processor's cache comes from memory, which
 * all cores share. Measured in docs/decisions/0009-populations.md: 1-288-288-1 with 75 samples gains a little by twos and threes and
 * nothing by fives, 1-400-400-1 nothing, and from 1-128-128-1 down so many are as good as twice as many.
 */
const ROOM = 8 * 2 ** 20
const MOST = 64

/** How many networks of an experiment one program should compute together. */
export function membersTogether({ batchSize }: Experiment, prepared: Prepared): number {
  const { network, train } = prepared
  const { parameters, buffers } = initialVariables(prepared, 0)
  const batch = Math.min(batchSize, train.indices.length)
  const x = placeholder('x', {
    dtype: 'float32',
    shape: [batch, ...preparedShape(network, train.dataset.inputs.shape)],
  })
  const { calls } = applyModel(network.model, symbolic(parameters), x, { buffers: symbolic(buffers) })
  const maps = calls
    .filter(({ layer }) => layer.children === undefined)
    .reduce((sum, { output }) => sum + sizeOf(output.shape), 0)
  // Parameters and gradients, each in one piece and in parts; a map, its gradient, and one more of its size.
  const numbers = 4 * parameterCount({ parameters, buffers }) + 3 * maps
  return Math.min(MOST, Math.max(1, Math.floor(ROOM / (4 * numbers))))
}
