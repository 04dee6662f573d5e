import { UsageError } from '../../errors.ts'
import { foldIn, type Key, key } from '../../random/key.ts'
import type { Dataset } from '../dataset.ts'

/** What a division goes by: a data set without its inputs. */
export type Splittable = Pick<Dataset, 'name' | 'length' | 'fingerprint' | 'targets' | 'columns'>

/** Sample numbers, ascending; no sample is in both parts. */
export interface Division {
  readonly train: Uint32Array
  /** What models are chosen by. */
  readonly validation: Uint32Array
}

interface Described {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
}

/** A way to hold samples out, as an experiment holds it: `split: holdOut({ validation: 0.2 })`. */
export interface HoldOutStrategy extends Described {
  /**
   * @param from where chance comes from; default the strategy's seed
   * @throws UsageError when the samples cannot be divided like this
   */
  divide(samples: Splittable, from?: Key): Division
  /** The same strategy with some options replaced. */
  with(changes: Readonly<Record<string, unknown>>): HoldOutStrategy
}

/** A way to make several divisions of the same samples, for cross-validation. */
export interface FoldStrategy extends Described {
  /** Number of divisions. */
  readonly count: number
  /** As in {@link HoldOutStrategy}, `count` divisions. */
  divide(samples: Splittable, from?: Key): readonly Division[]
  /** One of the divisions, from 0: `split: kFold({ folds: 5 }).fold(2)`. */
  fold(number: number): HoldOutStrategy
}

/** The key of a seed, for splits alone: a seed of the training is another. */
export const splitKey = (seed = 0): Key => foldIn(key(seed), 'split')

/** How many samples to hold out, from a count or a share below 1. */
export function heldOutCount({ name, length }: Splittable, validation: number): number {
  const count = validation < 1 ? Math.round(validation * length) : validation
  if (!Number.isInteger(count) || count < 1 || count >= length)
    throw new UsageError(
      `validation is ${validation} of the ${length} samples of ${name}: give a count from 1 to ${length - 1}, or a fraction below 1 that leaves both parts a sample`,
    )
  return count
}

/** The samples that are marked with 1 are held out; the others are trained on. */
export function divisionOf(held: Uint8Array): Division {
  const count = held.reduce((sum, mark) => sum + mark, 0)
  const parts = [new Uint32Array(held.length - count), new Uint32Array(count)] as const
  const filled: [number, number] = [0, 0]
  for (const [i, mark] of held.entries()) {
    const part = mark === 1 ? 1 : 0
    parts[part][filled[part]++] = i
  }
  return { train: parts[0], validation: parts[1] }
}

/** One division for each fold: the samples of that number are held out, and the others are trained on. */
export const divisionsOf = (foldOf: ArrayLike<number>, folds: number): Division[] =>
  Array.from({ length: folds }, (_, fold) => divisionOf(Uint8Array.from(foldOf, (number) => (number === fold ? 1 : 0))))

/** The strategy of several divisions made by `divide`. */
export function foldStrategy({ kind, config }: Described, count: number, divide: FoldStrategy['divide']): FoldStrategy {
  const fold = (number: number): HoldOutStrategy => {
    if (!Number.isInteger(number) || number < 0 || number >= count)
      throw new UsageError(`${kind}: fold is ${number}: give a whole number from 0 to ${count - 1}`)
    return {
      kind,
      config: { ...config, fold: number },
      divide: (samples, from) => {
        const division = divide(samples, from)[number]
        if (division === undefined) throw new Error(`${kind} made no fold ${number}`)
        return division
      },
      with: (changes) => {
        const other = Object.keys(changes).find((name) => name !== 'fold')
        if (other !== undefined)
          throw new UsageError(`${kind}: ${other} cannot be changed here; write another strategy in the experiment`)
        return fold(Number(changes.fold ?? number))
      },
    }
  }
  return { kind, config, count, divide, fold }
}
