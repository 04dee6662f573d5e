import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { cast, constant, equal, formatShape, gather, reshape, sizeOf, where } from '../../tensor/index.ts'
import { defineTransform, type TrainingSamples } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

export interface OneHotOptions {
  /** Features that are codes, by position from 0 (default: all). The others stay as they are. */
  readonly columns?: readonly number[]
}

/** More codes than this are not classes of anything, but numbers. */
const MOST_CATEGORIES = 1000

/**
 * Features that are whole-number codes (a colour as 0, 1 or 2) become one number for each code that the training split
 * has: 1 where the sample has that code, else 0. A code that the training split has not gives zeros, as scikit-learn's
 * OneHotEncoder with `handle_unknown='ignore'`. The features keep their order; `[features]` becomes `[more features]`.
 *
 * @throws UsageError, when the data are known, for samples that are no list of features, a column that is not there, a
 * value that is no whole number, or more than 1,000 codes in a column
 * @example
 * prepare: [oneHot({ columns: [0, 3] }), standardize()]
 */
export const oneHot = ({ columns }: OneHotOptions = {}): Transform =>
  defineTransform('oneHot', columns === undefined ? {} : { columns: [...columns] }, async (samples) => {
    const width = sizeOf(samples.shape)
    if (samples.shape.length > 1)
      throw new UsageError(`oneHot: a sample is ${formatShape(samples.shape)}: give samples that are lists of features`)
    const missing = columns?.find((column) => !Number.isInteger(column) || column < 0 || column >= width)
    if (missing !== undefined)
      throw new UsageError(`oneHot: there is no column ${missing}: give numbers from 0 to ${width - 1}`)
    return fitted({ categories: await categoriesOf(samples, new Set(columns ?? Array.from({ length: width }).keys())) })
  })

const stateSchema = z.strictObject({
  /** Of each feature: its codes in ascending order, or null where it stays as it is. */
  categories: z.array(z.union([z.array(z.int()), z.null()])),
})

/** The fitted transform with this state. */
export const restoreOneHot = (state: unknown): FittedTransform => fitted(parseConfig('oneHot', stateSchema, state))

/** Where an output comes from; without a code it stays as it is. */
interface Output {
  readonly column: number
  readonly code?: number
}

function fitted(state: Readonly<z.infer<typeof stateSchema>>): FittedTransform {
  const features = state.categories.length
  const outputs = state.categories.flatMap((codes, column): Output[] =>
    codes === null ? [{ column }] : codes.map((code) => ({ column, code })),
  )
  const width = outputs.length
  const source = constant(
    Int32Array.from(outputs, ({ column }) => column),
    [width],
    'int32',
  )
  const codes = constant(
    Float32Array.from(outputs, ({ code }) => code ?? 0),
    [1, width],
    'float32',
  )
  const isCode = constant(
    Uint8Array.from(outputs, ({ code }) => (code === undefined ? 0 : 1)),
    [1, width],
    'bool',
  )
  return {
    kind: 'oneHot',
    state,
    apply: (x) => {
      const values = gather(reshape(x, [-1, features]), source, 1)
      const hot = cast(equal(values, codes), 'float32')
      return outputs.every(({ code }) => code !== undefined) ? hot : where(isCode, hot, values)
    },
  }
}

async function categoriesOf(samples: TrainingSamples, columns: ReadonlySet<number>) {
  const width = sizeOf(samples.shape)
  const found = Array.from({ length: width }, (_, column) => (columns.has(column) ? new Set<number>() : null))
  for await (const block of samples.blocks())
    for (const [column, codes] of found.entries()) {
      if (codes === null) continue
      for (let i = column; i < block.length; i += width) codes.add(requireCode(block[i] ?? 0, column))
      if (codes.size > MOST_CATEGORIES)
        throw new UsageError(
          `oneHot: column ${column} has more than ${MOST_CATEGORIES} different values, so it holds numbers rather than codes: leave it out of columns`,
        )
    }
  return found.map((codes) => codes && [...codes].sort((a, b) => a - b))
}

function requireCode(value: number, column: number): number {
  if (!Number.isSafeInteger(value))
    throw new UsageError(
      `oneHot: column ${column} holds ${value}, which is no whole number: leave the column out of columns`,
    )
  return value
}
