import * as z from 'zod'
import { parseConfig } from '../nn/config.ts'
import { dropout, flatten, type Layer, linear, relu, sequential } from '../nn/index.ts'
import { activation, count, rate } from './options.ts'

export interface MlpOptions {
  /** Units of each hidden layer, in order; none makes a linear model. */
  readonly hidden: readonly number[]
  /** Numbers that come out: classes, or values to predict. */
  readonly outputs: number
  /** After each hidden layer; default `relu`. */
  readonly activation?: () => Layer
  /** Probability with which a hidden unit is dropped; default 0, no dropout layers. */
  readonly dropout?: number
}

const schema = z.strictObject({ hidden: z.array(count), outputs: count, activation, dropout: rate })

/**
 * A multilayer perceptron: linear layers with an activation between them, over whatever comes in, flattened.
 *
 * @example
 * mlp({ hidden: [128], outputs: 10 }) // 101,770 parameters on MNIST
 */
export function mlp(options: MlpOptions): Layer {
  const given = parseConfig('mlp', schema, { activation: relu, dropout: 0, ...options })
  const { hidden, outputs, activation: act, dropout: p } = given
  const block = (units: number) => [linear(units), act(), ...(p > 0 ? [dropout(p)] : [])]
  return sequential(flatten(), ...hidden.flatMap(block), linear(outputs))
}
