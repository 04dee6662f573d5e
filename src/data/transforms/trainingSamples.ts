import { UsageError } from '../../errors.ts'
import type { Shape } from '../../tensor/index.ts'
import type { Encoding } from '../table/encoding.ts'
import { preparedBlocks, type SampleSet, shapeAfter, storedType } from './preparedBlocks.ts'
import type { FittedTransform, Transform } from './transform.ts'

/**
 * What a transform learns from: the training split, as the transforms before it made it, and no sample of another split.
 * Nothing can stand in for it, and the package gives out its type alone: a transform cannot be fitted by hand.
 */
export class TrainingSamples {
  /** Of the data set, for messages. */
  readonly name: string
  /** Number of samples, at least 1. */
  readonly length: number
  /** Shape of one sample. */
  readonly shape: Shape
  /** Type of the values in {@link blocks}: bytes until a transform has made float32 of them. */
  readonly dtype: 'uint8' | 'float32'
  /** Of samples that were rows of a table, until a transform has changed them: how they became numbers. */
  readonly encoding: Encoding | undefined
  readonly #split: SampleSet
  readonly #before: readonly FittedTransform[]

  constructor(split: SampleSet, before: readonly FittedTransform[] = []) {
    this.#split = split
    this.#before = before
    this.name = split.dataset.name
    this.length = split.indices.length
    this.shape = shapeAfter(before, split.dataset.inputs.shape)
    this.encoding = before.length === 0 ? split.dataset.encoding : undefined
    this.dtype = before.length === 0 ? storedType(split.dataset) : 'float32'
  }

  /**
   * All samples in a fixed order, some at a time, `[rows, …sample]`. A block is a view that the next one overwrites. Every
   * call goes through all samples anew: they need not fit in memory.
   *
   * @example
   * let sum = 0
   * for await (const block of samples.blocks()) for (const value of block) sum += value
   */
  blocks(): AsyncGenerator<Uint8Array | Float32Array, void, undefined> {
    return preparedBlocks(this.#split, this.#before)
  }
}

/**
 * A transform that refuses, at run time too, to learn from anything but the training split.
 *
 * @param learn what `fit` does
 * @example
 * const centre = (): Transform =>
 *   defineTransform('centre', {}, async (samples) => {
 *     let sum = 0
 *     for await (const block of samples.blocks()) for (const value of block) sum += value
 *     const mean = sum / (samples.length * sizeOf(samples.shape))
 *     return { kind: 'centre', state: { mean }, apply: (x) => sub(x, mean) }
 *   })
 */
export const defineTransform = (kind: string, config: Transform['config'], learn: Transform['fit']): Transform => ({
  kind,
  config,
  fit: (samples) => {
    if (!(samples instanceof TrainingSamples))
      throw new UsageError(
        `${kind} learns from the training split alone, which the trainer gives it: list it under "prepare" of the experiment`,
      )
    return learn(samples)
  },
})
