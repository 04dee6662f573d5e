/**
 * Random small graphs over the op table, for the question that matters most: do ONNX Runtime and the reference agree on
 * everything that can be written?
 *
 * @module
 */
import fc from 'fast-check'
import { topologicalOrder, vjp } from '../../autodiff/index.ts'
import { constant, mul, sizeOf, type Tensor, type TypedArray } from '../../tensor/index.ts'
import { fill } from '../golden/formula.ts'
import { elementwise, type Steps } from './elementwise.ts'
import { indexing } from './indexing.ts'
import { products } from './products.ts'
import { shaping } from './shaping.ts'
import { Sketch } from './sketch.ts'
import { statistics } from './statistics.ts'
import { windows } from './windows.ts'

/** Every step by name. */
export const steps: Steps = { ...elementwise, ...shaping, ...products, ...windows, ...statistics, ...indexing }

/** What a random graph is made from. Any recipe gives a graph, so fast-check can leave out steps and lower numbers. */
export interface Recipe {
  readonly seed: number
  readonly shape: readonly number[]
  readonly steps: readonly { readonly step: string; readonly choices: readonly number[] }[]
  /** How often the graph is differentiated: values and gradients, or gradients of squared gradients too. */
  readonly order: 1 | 2
}

/** One graph: its inputs, numbers for them, and what is computed of it. */
export interface RandomGraph {
  readonly inputs: readonly Tensor[]
  readonly data: readonly TypedArray[]
  readonly outputs: readonly Tensor[]
}

const choice = fc.nat({ max: 1000 })
const step = fc.record({ step: fc.constantFrom(...Object.keys(steps)), choices: fc.array(choice, { maxLength: 24 }) })

/** Recipes of 3 to 10 steps. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  seed: fc.nat(),
  shape: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }),
  steps: fc.array(step, { minLength: 3, maxLength: 10, size: 'max' }),
  order: fc.constantFrom<1 | 2>(1, 1, 1, 2),
})

/** What nothing else was made from, at most the newest four, and one value from the middle of the graph. */
function outputsOf({ pool }: Sketch): Tensor[] {
  const used = new Set(pool.flatMap((tensor) => topologicalOrder([tensor]).filter((inner) => inner !== tensor)))
  const middle = pool[Math.floor(pool.length / 2)]
  return [...pool.filter((tensor) => !used.has(tensor)).slice(-4), ...(middle === undefined ? [] : [middle])]
}

/** Gradients of a weighted sum of tensors. */
const pull = (outputs: readonly Tensor[], inputs: readonly Tensor[]): Tensor[] =>
  vjp(
    outputs,
    outputs.map(({ shape }) => constant(fill(sizeOf(shape), 2.5, 1), shape, 'float32')),
    inputs,
  )

/** Follows a recipe. */
export function graphFrom({ seed, shape, steps: wanted, order }: Recipe): RandomGraph {
  const sketch = new Sketch(seed)
  sketch.keep(sketch.fresh(shape))
  sketch.keep(sketch.fresh([2, 3]))
  for (const { step, choices } of wanted) {
    sketch.choose(choices)
    sketch.keep(steps[step]?.(sketch))
  }
  const { inputs, data } = sketch
  const values = outputsOf(sketch)
  const smooth = inputs.filter(({ dtype }) => dtype === 'float32')
  const slopes = pull(values, smooth)
  const squares = slopes.map((slope) => mul(slope, slope))
  return { inputs, data, outputs: [...values, ...slopes, ...(order === 2 ? pull(squares, smooth) : [])] }
}
