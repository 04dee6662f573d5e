import { sizeOf, type Tensor } from '../../../tensor/index.ts'
import { castOperation } from '../../../tensor/ops/cast.ts'
import { clipOperation } from '../../../tensor/ops/comparison.ts'
import { constantOperation } from '../../../tensor/ops/constant.ts'
import { eluOperation, leakyReluOperation } from '../../../tensor/ops/unary.ts'
import { type Lowering, lower, rename } from '../lowering.ts'
import { dataTypes } from '../proto.ts'

/** Largest float32: times it, every normal positive float32 is at least 1. */
export const HUGE = 3.4e38

/** Whether a quotient is one over its divisor, of the divisor's shape. */
const isReciprocal = ({ inputs: [numerator, divisor] }: Tensor): boolean =>
  numerator?.operation === constantOperation &&
  sizeOf(numerator.shape) === 1 &&
  numerator.shape.length <= (divisor?.shape.length ?? 0) &&
  constantOperation.attributesOf(numerator).data[0] === 1

/**
 * Ops of two tensors. ONNX Runtime takes ten times as long to apply a number to `[…, 1]` unless the number has as many axes.
 */
const binary = (name: string, opType: string): readonly [string, Lowering] => [
  name,
  ({ builder }, tensor, values) => {
    const operands = tensor.inputs.map((input, i) => {
      const isNumber = input.operation === constantOperation && sizeOf(input.shape) === 1
      if (!isNumber || tensor.shape.at(-1) !== 1) return values[i] ?? ''
      const { data } = constantOperation.attributesOf(input)
      return builder.constant(
        data,
        tensor.shape.map(() => 1),
        input.dtype,
      )
    })
    return builder.node(opType, operands)
  },
]

export const elementwise: readonly (readonly [string, Lowering])[] = [
  binary('add', 'Add'),
  binary('sub', 'Sub'),
  binary('mul', 'Mul'),
  // ONNX Runtime 1.30 cannot load (1 / x) · (y · 1): it fuses the quotient with a factor that it has taken out already.
  [
    'div',
    ({ builder }, tensor, [a = '', b = '']) =>
      isReciprocal(tensor) ? builder.node('Reciprocal', [b]) : builder.node('Div', [a, b]),
  ],
  rename('pow', 'Pow'),
  rename('max', 'Max'),
  rename('min', 'Min'),
  rename('equal', 'Equal'),
  rename('greater', 'Greater'),
  rename('greaterOrEqual', 'GreaterOrEqual'),
  rename('less', 'Less'),
  rename('lessOrEqual', 'LessOrEqual'),
  rename('and', 'And'),
  rename('or', 'Or'),
  rename('not', 'Not'),
  rename('where', 'Where'),
  rename('exp', 'Exp'),
  rename('log', 'Log'),
  rename('sqrt', 'Sqrt'),
  rename('sin', 'Sin'),
  rename('cos', 'Cos'),
  rename('tanh', 'Tanh'),
  rename('sign', 'Sign'),
  rename('abs', 'Abs'),
  rename('sigmoid', 'Sigmoid'),
  rename('erf', 'Erf'),
  rename('relu', 'Relu'),
  rename('softplus', 'Softplus'),
  rename('floor', 'Floor'),
  rename('ceil', 'Ceil'),
  rename('round', 'Round'),
  // clip(HUGE · x, 0, 1) in a single pass over memory; a comparison and a cast would take two.
  [
    'step',
    ({ builder }, _, inputs) => builder.node('HardSigmoid', inputs, { alpha: { float: HUGE }, beta: { float: 0 } }),
  ],
  lower(leakyReluOperation, ({ builder }, _, inputs, { alpha }) =>
    builder.node('LeakyRelu', inputs, { alpha: { float: alpha } }),
  ),
  lower(eluOperation, ({ builder }, _, inputs, { alpha }) => builder.node('Elu', inputs, { alpha: { float: alpha } })),
  lower(clipOperation, ({ builder }, { dtype }, inputs, { min, max }) =>
    builder.node('Clip', [
      ...inputs,
      Number.isFinite(min) ? builder.scalar(min, dtype) : '',
      Number.isFinite(max) ? builder.scalar(max, dtype) : '',
    ]),
  ),
  lower(castOperation, ({ builder }, _, inputs, { to }) => builder.node('Cast', inputs, { to: dataTypes[to] })),
]
