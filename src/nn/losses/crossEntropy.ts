import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import {
  add,
  formatShape,
  logSoftmax,
  mul,
  oneHot,
  reduceMean,
  reduceSum,
  ShapeError,
  type Tensor,
} from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { type Loss, targetTypeOf } from './loss.ts'

const schema = z.strictObject({ labelSmoothing: z.number().min(0).lt(1) })

/**
 * Cross-entropy of logits against labels, the mean over the batch: -Σᵢ yᵢ log softmax(z)ᵢ. The softmax is inside: give it
 * logits, the numbers that the last linear layer puts out.
 *
 * @param options.labelSmoothing share of the target spread evenly over all classes (Szegedy et al., 2016); default 0
 */
export function crossEntropy(options: { readonly labelSmoothing?: number } = {}): Loss {
  const { labelSmoothing } = parseConfig('crossEntropy', schema, { labelSmoothing: 0, ...options })
  return {
    kind: 'crossEntropy',
    config: { ...options },
    apply: (logits, labels) => crossEntropyOf(logits, labels, labelSmoothing),
    check: (output, target) => {
      if (target.task !== 'classification')
        throw new UsageError(
          'crossEntropy compares logits with class labels, and the data have numbers to predict: use mse()',
        )
      const [outputs] = output
      if (outputs === undefined || output.length !== 1)
        throw new UsageError(
          `crossEntropy needs one logit a class, [classes], and the model puts out ${formatShape(output)}: ` +
            'end it with flatten(), linear(classes)',
        )
      const { length } = target.classes
      if (outputs !== length)
        throw new UsageError(
          `the model puts out ${outputs} logits and the data have ${length} classes: make the last layer linear(${length})`,
        )
    },
    targetType: targetTypeOf,
    with: (changes) => crossEntropy({ ...options, ...changes }),
  }
}

/**
 * The function behind {@link crossEntropy}.
 *
 * @param logits `[batch, classes]`
 * @param labels int32 `[batch]`
 * @returns a scalar
 */
export function crossEntropyOf(logits: Tensor, labels: Tensor, labelSmoothing = 0): Tensor {
  const [batch, classes] = logits.shape
  if (classes === undefined || logits.shape.length !== 2 || labels.shape.join() !== String(batch))
    throw new ShapeError(
      `crossEntropy: logits ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)} do not fit; ` +
        'they must be [batch, classes] and [batch]',
    )
  const logProbabilities = logSoftmax(logits)
  const hit = reduceSum(mul(logProbabilities, oneHot(labels, classes)), { axes: [1] })
  if (labelSmoothing === 0) return mul(reduceMean(hit), -1)
  const smooth = mul(reduceMean(logProbabilities), labelSmoothing)
  return mul(add(mul(reduceMean(hit), 1 - labelSmoothing), smooth), -1)
}
