import fc from 'fast-check'
import type { Shape } from '../tensor/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { type Argument, real, whole } from './check.ts'

/** How many times as many runs: `ASSAY_TEST_RUNS=50 npx vitest run src/tensor` searches for rare failures. */
const FACTOR = Number(process.env.ASSAY_TEST_RUNS ?? 1)

/** A property of values that takes a session of the native runtime for each: a few runs by default. */
export function holdsFor<T>(
  values: fc.Arbitrary<T>,
  property: (value: T) => Promise<void> | void,
  numRuns = 12,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(values, async (value) => {
      await property(value)
    }),
    { numRuns: numRuns * FACTOR },
  )
}

export const size = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max })

/** Shapes of `minRank` to `maxRank` axes, each of up to `largest`. */
export const shapes = ({ minRank = 0, maxRank = 3, largest = 4 } = {}): fc.Arbitrary<number[]> =>
  fc.array(size(largest), { minLength: minRank, maxLength: maxRank })

/**
 * Float arguments without ties or zeros: multiples of 1/32 (1/64 more with `odd`, so that two arguments never agree), each
 * magnitude once. Up to 64 numbers they lie in ±[1/32, 2.1].
 */
export function reals(shape: Shape, { odd = false, positive = false } = {}): fc.Arbitrary<Argument> {
  const length = sizeOf(shape)
  const slots = Array.from({ length: Math.max(64, length) }, (_, i) => (i + 1) / 32 + (odd ? 1 / 64 : 0))
  return fc
    .tuple(
      fc.shuffledSubarray(slots, { minLength: length, maxLength: length }),
      fc.array(fc.boolean(), { minLength: length, maxLength: length }),
    )
    .map(([magnitudes, signs]) =>
      real(
        shape,
        magnitudes.map((magnitude, i) => (positive ? magnitude + 0.5 : signs[i] === true ? -magnitude : magnitude)),
      ),
    )
}

/** Float arguments of several shapes. */
export const realsOf = (...all: readonly Shape[]): fc.Arbitrary<Argument[]> =>
  fc.tuple(...all.map((shape, i) => reals(shape, { odd: i % 2 === 1 })))

/** int32 arguments in `[min, max]`, repetitions included. */
export const wholes = (shape: Shape, min: number, max: number): fc.Arbitrary<Argument> =>
  fc
    .array(fc.integer({ min, max }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => whole(shape, values))

/** Shapes that broadcast together: each lacks leading axes and has 1 in some places. */
export const broadcastable = (count: number, { maxRank = 3, largest = 3 } = {}): fc.Arbitrary<number[][]> =>
  shapes({ maxRank, largest }).chain((common) =>
    fc.tuple(
      ...Array.from({ length: count }, () =>
        fc
          .tuple(
            fc.integer({ min: 0, max: common.length }),
            fc.array(fc.boolean(), { minLength: common.length, maxLength: common.length }),
          )
          .map(([drop, ones]) => common.map((axis, i) => (ones[i] === true ? 1 : axis)).slice(drop)),
      ),
    ),
  )
