import { UsageError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Explained, Question } from './explained.ts'

export interface OcclusionOptions {
  /** What takes the place of what is covered, `[n, …sample]`. */
  readonly baseline: Float32Array
  /** Side of the square that covers an image, or length of what covers a signal; default a seventh of it. Features of a table are covered one by one. */
  readonly size?: number
  /** Places between two positions, at most the size, so that every place is covered; default half of it. */
  readonly stride?: number
}

/**
 * How much the output falls when a part of the sample is covered, all channels at once: at each place the mean over the windows that cover it.
 *
 * Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
 *
 * @returns `[n, …places]`, without the axis of channels
 * @throws UsageError for a size or a stride that is no whole number of at least 1, or a stride that leaves places out
 *
 * @example
 * const map = await occlusion(network, question, { baseline: new Float32Array(784), size: 4 })
 */
export async function occlusion(
  of: Explained,
  { data, outputs }: Question,
  { baseline, ...options }: OcclusionOptions,
): Promise<Float32Array> {
  const { channels, height, width } = planeOf(of.sample)
  const size = options.size ?? (of.sample.length === 1 ? 1 : Math.max(1, Math.round(Math.max(height, width) / 7)))
  const stride = options.stride ?? Math.ceil(size / 2)
  if (!Number.isInteger(size) || size < 1)
    throw new UsageError(`occlusion: size is ${size}: give a whole number of at least 1`)
  if (!Number.isInteger(stride) || stride < 1 || stride > size)
    throw new UsageError(`occlusion: stride is ${stride}: give a whole number from 1 to the size, ${size}`)
  const [tops, lefts] = [starts(height, size, stride), starts(width, size, stride)]
  const windows = tops.flatMap((top) => lefts.map((left) => ({ top, left })))
  const plane = height * width
  const found = new Float32Array(outputs.length * plane)
  const whole = await of.values({ data, outputs })
  for (const [i, output] of outputs.entries()) {
    const [x, base] = [
      data.subarray(i * channels * plane, (i + 1) * channels * plane),
      baseline.subarray(i * channels * plane, (i + 1) * channels * plane),
    ]
    const [sums, counts] = [new Float64Array(plane), new Uint32Array(plane)]
    for (let begin = 0; begin < windows.length; begin += of.batch) {
      const part = windows.slice(begin, begin + of.batch)
      const covered = new Float32Array(part.length * x.length)
      for (const [w, window] of part.entries()) {
        const own = covered.subarray(w * x.length, (w + 1) * x.length)
        own.set(x)
        for (const place of placesIn(window, size, height, width))
          for (let c = 0; c < channels; c++) own[c * plane + place] = base[c * plane + place] ?? 0
      }
      const values = await of.values({ data: covered, outputs: new Int32Array(part.length).fill(output) })
      for (const [w, window] of part.entries())
        for (const place of placesIn(window, size, height, width)) {
          sums[place] = (sums[place] ?? 0) + (whole[i] ?? 0) - (values[w] ?? 0)
          counts[place] = (counts[place] ?? 0) + 1
        }
    }
    for (let place = 0; place < plane; place++) found[i * plane + place] = (sums[place] ?? 0) / (counts[place] ?? 1)
  }
  return found
}

/** A sample as channels of a plane; signals and vectors have one row. */
export function planeOf(sample: readonly number[]): {
  readonly channels: number
  readonly height: number
  readonly width: number
} {
  if (sample.length === 3) return { channels: sample[0] ?? 1, height: sample[1] ?? 1, width: sample[2] ?? 1 }
  if (sample.length === 2) return { channels: sample[0] ?? 1, height: 1, width: sample[1] ?? 1 }
  return { channels: 1, height: 1, width: sizeOf(sample) }
}

/** Where windows begin along an axis: every `stride`, and one that ends at its end. */
function starts(length: number, size: number, stride: number): number[] {
  const last = Math.max(0, length - size)
  const all = Array.from({ length: Math.floor(last / stride) + 1 }, (_, i) => i * stride)
  return all.at(-1) === last ? all : [...all, last]
}

function* placesIn(
  { top, left }: { readonly top: number; readonly left: number },
  size: number,
  height: number,
  width: number,
): Generator<number> {
  for (let y = top; y < Math.min(height, top + size); y++)
    for (let x = left; x < Math.min(width, left + size); x++) yield y * width + x
}
