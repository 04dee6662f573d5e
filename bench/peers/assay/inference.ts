import { applyModel, initialize, isWeights, key, parameterCount, type Weights } from '../../../src/index.ts'
import { compile, spec } from '../../../src/runtime/index.ts'
import { constant, mapLeaves } from '../../../src/tensor/index.ts'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import { type Contestant, stepper } from '../serve.ts'
import { modelOf } from './network.ts'

/** The forward pass as one program with the weights baked in. */
export async function inference({ network, sample, target }: Work, batch: number, data: Batch): Promise<Contestant> {
  const model = modelOf(network)
  const variables = initialize(model, key(0), sample)
  const baked = ({ data, shape }: Weights) => constant(data, shape, 'float32')
  const parameters = mapLeaves(variables.parameters, isWeights, baked)
  const buffers = mapLeaves(variables.buffers, isWeights, baked)
  const program = await compile((x) => applyModel(model, parameters, x, { buffers }).output, spec([batch, ...sample]))
  const outputs = [new Float32Array(batch * target.count)]
  return stepper(parameterCount(variables), async () => {
    await program.runFlat([data.inputs], outputs)
    return undefined
  })
}
