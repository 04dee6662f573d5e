import type { Tensor } from '../../../tensor/index.ts'
import { axisSize, sizeOf } from '../../../tensor/shape.ts'
import type { Formulation, LoweringContext } from '../lowering.ts'
import { elementwise, HUGE } from '../lowerings/elementwise.ts'
import { affine } from './affine.ts'

/** Float32 in and out, and each number made from those at the same place: the order in which they lie does not matter. */
const OPERATIONS: ReadonlySet<string> = new Set(
  'add sub mul div max min exp sqrt tanh sigmoid abs relu step leakyRelu elu softplus clip sign'.split(' '),
)

const isScalar = (tensor: Tensor): boolean => sizeOf(tensor.shape) === 1

/**
 * Between convolutions, maps stay in blocks: an op that looks at each number alone is written on blocked values when one of
 * its inputs is there in blocks already.
 */
export const blockedElementwise: readonly Formulation[] = elementwise
  .filter(([operation]) => OPERATIONS.has(operation))
  .map(([operation, lowering]) => ({
    name: 'blocked',
    operation,
    fits: ({ block }, { shape, inputs }) =>
      block > 0 &&
      shape.length === 4 &&
      (shape[1] ?? 0) % block === 0 &&
      inputs.every((input) => isScalar(input) || input.shape.join() === shape.join()),
    pays: (context, { inputs }) => inputs.some((input) => !isScalar(input) && context.isBlocked(input)),
    write: (context, tensor) => {
      const inputs = tensor.inputs.map((input) => nameOf(context, input))
      const blocked = operation === 'step' ? step(context, tensor, inputs) : lowering(context, tensor, inputs)
      return { blocked }
    },
  }))

/** clip(HUGE · x, 0, 1): ONNX Runtime's HardSigmoid, which says the same, runs on one thread. */
function step(context: LoweringContext, { shape }: Tensor, [x = '']: readonly string[]): string {
  const channels = axisSize(shape, 1)
  const [scale = '', shift = ''] = [HUGE, 0].map((value) =>
    context.builder.constant(new Float32Array(channels).fill(value), [channels], 'float32'),
  )
  return affine(context, [x, scale, shift], channels, { activation: 'Clip', activation_params: { floats: [0, 1] } })
}

const nameOf = ({ valueName, blockedName }: LoweringContext, input: Tensor): string =>
  isScalar(input) ? valueName(input) : blockedName(input)
