/**
 * Golden values from PyTorch, against which the engine is checked. Inputs are not stored: both languages make them by `fill` and `labels` (fill.ts).
 * `formula.py` is this file's twin; `generate.py` writes the JSON files.
 *
 * Everything but `losses` of training.json was computed in float64 from float32 inputs, so the float64 interpreter should agree to
 * about 1e-8 and a float32 runtime to about 1e-5 of the tensor's scale. Numbers under 1e-12 were written as 0.
 * @module
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

export * from './fill.ts'

const shape = z.array(z.int().nonnegative())

export const digestSchema = z.union([
  z.strictObject({ shape, values: z.array(z.number()) }),
  z.strictObject({ shape, sum: z.number(), sumOfSquares: z.number(), samples: z.array(z.number()).length(16) }),
])

/** Every value of a tensor of up to 64 numbers; of a larger one two sums and the values at floor(k·n/16), k = 0 … 15. */
export type Digest = z.infer<typeof digestSchema>

/**
 * The digest of a tensor that the engine computed, to compare with a golden one field by field.
 *
 * @example
 * digest([2], [1, 4]) // { shape: [2], values: [1, 4] }
 */
export function digest(shape: readonly number[], data: ArrayLike<number>): Digest {
  const values = Array.from(data)
  const n = values.length
  if (n <= 64) return { shape: [...shape], values }
  return {
    shape: [...shape],
    sum: values.reduce((sum, value) => sum + value, 0),
    sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
    samples: Array.from({ length: 16 }, (_, k) => values[Math.floor((k * n) / 16)] ?? Number.NaN),
  }
}

const formula = { shape, phase: z.number(), scale: z.number(), offset: z.number().default(0) }

const inputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ name: z.string(), kind: z.literal('real'), ...formula }),
  z.strictObject({ name: z.string(), kind: z.literal('labels'), shape, classes: z.int() }),
  z.strictObject({ name: z.string(), kind: z.literal('mask'), shape, phase: z.number() }),
])

/** One input of an op case: numbers, whole numbers below `classes`, or booleans (`fill(n, phase, 1)[i] > 0`). */
export type GoldenInput = z.infer<typeof inputSchema>

const attribute = z.union([z.number(), z.boolean(), z.string(), z.array(z.number())])

const opCase = z.strictObject({
  op: z.string(),
  /** `op/variant` */
  name: z.string(),
  inputs: z.array(inputSchema),
  attributes: z.record(z.string(), attribute),
  output: digestSchema,
  /** Of `sum(output * fill(n, 2.5, 1))`, one per input; null where none is asked for (indices, masks, running statistics). */
  gradients: z.array(digestSchema.nullable()),
  /** Batch norm in training: the new running statistics. */
  extra: z.record(z.string(), digestSchema).optional(),
})

const networkCase = z.strictObject({
  name: z.string(),
  input: z.strictObject(formula),
  /** Labels are `labels(input.shape[0], classes)`. */
  classes: z.int(),
  /** In PyTorch's state-dict order; buffers start at mean 0 and variance 1. */
  parameters: z.array(z.strictObject({ name: z.string(), ...formula })),
  /** Mean cross-entropy in training mode. */
  loss: z.number(),
  logits: digestSchema,
  gradients: z.record(z.string(), digestSchema),
  /** After the one training pass (momentum 0.1, unbiased variance), no update of the parameters. */
  runningStatistics: z.record(z.string(), digestSchema),
  /** Evaluation mode after that pass. */
  evaluationLogits: digestSchema,
})

const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    lr: z.number(),
    momentum: z.number(),
    nesterov: z.boolean(),
    weightDecay: z.number(),
  }),
  z.strictObject({
    kind: z.enum(['adam', 'adamw']),
    lr: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    epsilon: z.number(),
    weightDecay: z.number(),
  }),
])

const trainingCase = z.strictObject({
  /** `network/optimizer` */
  name: z.string(),
  network: z.enum(['dense', 'convNet']),
  optimizer: optimizerSchema,
  /** The loss before each of 20 updates on the network's one batch, in float32 and in float64. */
  losses: z.array(z.number()).length(20),
  losses64: z.array(z.number()).length(20),
})

const file = <Case extends z.ZodType>(one: Case) => z.strictObject({ torch: z.string(), cases: z.array(one) })

const schemas = {
  ops: file(opCase),
  'more-ops': file(opCase),
  networks: file(networkCase),
  training: file(trainingCase),
}

/**
 * The cases of one golden file.
 *
 * @example
 * const relu = readGolden('ops').find((one) => one.name === 'relu/plain')
 */
export function readGolden<Name extends keyof typeof schemas>(name: Name): z.infer<(typeof schemas)[Name]>['cases'] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
  return schemas[name].parse(JSON.parse(text)).cases as z.infer<(typeof schemas)[Name]>['cases']
}
