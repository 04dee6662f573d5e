import type { Tensor } from '../../../tensor/index.ts'
import {
  inverseDeviationOperation,
  type LayerNormalizationAttributes,
  layerNormalizationOperation,
} from '../../../tensor/ops/layerNormalization.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

/** Normalised values, means and inverse deviations from one node. */
function normalized(
  { builder, once }: LoweringContext,
  { shape }: { readonly shape: readonly number[] },
  [x = '', scale, bias]: readonly string[],
  { axis, epsilon }: LayerNormalizationAttributes,
): readonly string[] {
  return once(`LayerNormalization ${x} ${scale} ${bias} ${axis} ${epsilon}`, () => {
    const own = shape.slice(axis)
    const ones = () => builder.constant(new Float32Array(own.reduce((a, b) => a * b, 1)).fill(1), own, 'float32')
    const inputs = [x, scale ?? ones(), ...(bias === undefined ? [] : [bias])]
    return builder.nodeOf(3, 'LayerNormalization', inputs, { axis, epsilon: { float: epsilon } })
  })
}

/** The use of `x` that finds its deviations, if its inputs are written already. */
function finder(context: LoweringContext, x: Tensor, { axis, epsilon }: LayerNormalizationAttributes) {
  return context.usesOf(x, layerNormalizationOperation.name).find((use) => {
    const own = layerNormalizationOperation.attributesOf(use)
    return use.inputs[0] === x && own.axis === axis && own.epsilon === epsilon && use.inputs.every(context.isWritten)
  })
}

export const layerNormalization: readonly (readonly [string, Lowering])[] = [
  lower(layerNormalizationOperation, (context, tensor, inputs, attributes) => {
    const [values = ''] = normalized(context, tensor, inputs, attributes)
    return values
  }),
  lower(inverseDeviationOperation, (context, { inputs: [x] }, inputs, attributes) => {
    if (x === undefined) return ''
    const use = finder(context, x, attributes)
    const [, , inverse = ''] = normalized(context, x, use?.inputs.map(context.valueName) ?? inputs, attributes)
    return inverse
  }),
]
