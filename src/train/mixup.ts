import * as z from 'zod'
import { type Loss, parseConfig } from '../nn/index.ts'
import { foldKey, randomBeta } from '../random/index.ts'
import { add, concat, mul, reshape, slice, sub, type Tensor } from '../tensor/index.ts'

const schema = z.strictObject({ alpha: z.number().positive() })

/** Trains on mixtures of samples: a value, like the experiment's other parts. */
export interface Mixup {
  readonly kind: 'mixup'
  readonly config: { readonly alpha: number }
  with(changes: Readonly<Record<string, unknown>>): Mixup
}

/**
 * Each training sample is mixed with another of its batch, and so is its target: x ← λx + (1 - λ)x', loss ← λ·L(f(x), y) + (1 - λ)·L(f(x), y'),
 * with one λ of Beta(α, α) a batch (Zhang et al., 2018). Training scores compare the outputs for mixtures with the first target, and are
 * lower for it; `evaluation: { train: true }` scores the samples as they are.
 *
 * @param options.alpha how much is mixed; default 0.2, 1 for every share being as likely
 * @example
 * experiment({ …, mixup: mixup({ alpha: 0.2 }) })
 */
export function mixup(options: { readonly alpha?: number } = {}): Mixup {
  const config = parseConfig('mixup', schema, { alpha: 0.2, ...options })
  return { kind: 'mixup', config, with: (changes) => mixup({ ...options, ...changes }) }
}

/** What a step makes of its batch. */
export interface Mixture {
  readonly x: Tensor
  loss(loss: Loss, output: Tensor): Tensor
}

/**
 * A batch mixed with itself, moved by one: its order is chance already.
 *
 * @param x prepared samples, `[batch, …]`
 */
export function mixed({ config: { alpha } }: Mixup, x: Tensor, target: Tensor, key: Tensor): Mixture {
  const share = reshape(randomBeta(foldKey(key, 'mixup'), [1], alpha, alpha), [])
  const rest = sub(1, share)
  const other = moved(target)
  return {
    x: add(mul(x, share), mul(moved(x), rest)),
    loss: (loss, output) => add(mul(loss.apply(output, target), share), mul(loss.apply(output, other), rest)),
  }
}

/** The rows from the second on, and then the first. */
function moved(rows: Tensor): Tensor {
  const [batch = 1, ...sample] = rows.shape
  if (batch === 1) return rows
  const zeros = rows.shape.map(() => 0)
  const rest = slice(rows, { starts: [1, ...zeros.slice(1)], ends: [batch, ...sample] })
  return concat([rest, slice(rows, { starts: zeros, ends: [1, ...sample] })], 0)
}
