import { foldIn, type Key, permutation } from '../../random/index.ts'
import type { Explained, Question } from './explained.ts'
import { planeOf } from './occlusion.ts'

/** An output while a sample is taken away or put back, what matters most first. */
export interface DeletionCurves {
  /** Shares of the places that are exchanged, from 0 to 1. */
  readonly shares: readonly number[]
  /** The output that is asked about, a mean over the samples, while places go to the baseline. */
  readonly deletion: readonly number[]
  /** The same, while places come back from the baseline. */
  readonly insertion: readonly number[]
  /** Areas under the two: a good map has a small one of deletion and a large one of insertion. */
  readonly areas: { readonly deletion: number; readonly insertion: number }
}

const STEPS = 20

/**
 * Takes places away in the order of a map, most positive first, and asks how fast the output falls; puts them back, and asks how fast it
 * rises.
 *
 * Source: Petsiuk, Das and Saenko, "RISE: randomized input sampling for explanation of black-box models", BMVC 2018; the output is the
 * network's own here (a logit), not a probability.
 *
 * @param map - `[n, places]`, as `planes` gives it; a key: in an order by chance, to compare with
 *
 * @example
 * const { areas } = await deletionCurves(network, question, planes(map, sample, n), baseline)
 */
export async function deletionCurves(
  of: Explained,
  question: Question,
  map: Float32Array | Key,
  baseline: Float32Array,
): Promise<DeletionCurves> {
  const { channels, height, width } = planeOf(of.sample)
  const [plane, n] = [height * width, question.outputs.length]
  const shares = Array.from({ length: STEPS + 1 }, (_, s) => s / STEPS)
  const [deletion, insertion] = [shares.map(() => 0), shares.map(() => 0)]
  for (let i = 0; i < n; i++) {
    const order =
      map instanceof Float32Array
        ? descending(map.subarray(i * plane, (i + 1) * plane))
        : permutation(foldIn(map, i), plane)
    const size = channels * plane
    const [x, base] = [question.data.subarray(i * size, (i + 1) * size), baseline.subarray(i * size, (i + 1) * size)]
    const along = async (from: Float32Array, to: Float32Array): Promise<number[]> => {
      const data = new Float32Array(shares.length * size)
      for (const [s, share] of shares.entries()) {
        data.set(from, s * size)
        for (const place of order.subarray(0, Math.round(share * plane)))
          for (let c = 0; c < channels; c++) data[s * size + c * plane + place] = to[c * plane + place] ?? 0
      }
      const values = await of.values({ data, outputs: new Int32Array(shares.length).fill(question.outputs[i] ?? 0) })
      return Array.from(values)
    }
    for (const [s, value] of (await along(x, base)).entries()) deletion[s] = (deletion[s] ?? 0) + value
    for (const [s, value] of (await along(base, x)).entries()) insertion[s] = (insertion[s] ?? 0) + value
  }
  const mean = (sums: readonly number[]): number[] => sums.map((sum) => sum / n)
  const area = (values: readonly number[]): number =>
    values.reduce((sum, value, s) => sum + value * (s === 0 || s === STEPS ? 0.5 : 1), 0) / STEPS
  const [down, up] = [mean(deletion), mean(insertion)]
  return { shares, deletion: down, insertion: up, areas: { deletion: area(down), insertion: area(up) } }
}

const descending = (values: Float32Array): Uint32Array =>
  Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
