/**
 * Golden values of modules.py: layers with their gradients, and models. Weights are not stored: `formulaWeights` is the twin of
 * its `set_by_formula`.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { count, digestSchema, fill } from './formula.ts'

const shape = z.array(z.int().nonnegative())
const parameters = z.record(z.string(), shape)

const moduleCase = z.strictObject({
  name: z.string(),
  /** Its numbers are `fill(n, 0.4, 1.5, 0.2)`. */
  input: shape,
  /** In PyTorch's order. */
  parameters,
  /** In training. */
  output: digestSchema,
  /** Of `sum(output * fill(n, 2.5, 1))`: of `x`, and of each parameter by name. */
  gradients: z.record(z.string(), digestSchema),
  runningStatistics: z.record(z.string(), digestSchema).optional(),
})

const modelCase = z.strictObject({
  name: z.string(),
  /** Its numbers are `fill(n, 0.4, 1)`. */
  input: shape,
  parameterCount: z.int(),
  /** Absent where the model was too large to be computed. */
  parameters: parameters.optional(),
  /** In evaluation, with means of 0 and variances of 1. */
  output: digestSchema.optional(),
})

const read = <Case extends z.ZodType>(file: string, one: Case): z.infer<Case>[] =>
  z
    .strictObject({ torch: z.string(), cases: z.array(one) })
    .parse(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))).cases

export const goldenModules = () => read('modules.json', moduleCase)
export const goldenModels = () => read('models.json', modelCase)

/** The numbers of each parameter, by its place and its shape. */
export function formulaWeights(shapes: Readonly<Record<string, readonly number[]>>) {
  const weights = Object.entries(shapes).map(([name, shape], index) => {
    const isVector = shape.length === 1
    const isGain = isVector && name.split('.').at(-1) === 'weight'
    const scale = isVector ? 0.1 : Number((1.5 / Math.sqrt(count(shape.slice(1)))).toFixed(4))
    const phase = Number((0.3 + 1.1 * index).toFixed(1))
    return [name, { shape, data: fill(count(shape), phase, scale, isGain ? 1 : 0) }] as const
  })
  return Object.fromEntries(weights)
}
