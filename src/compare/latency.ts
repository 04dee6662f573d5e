import { UsageError } from '../errors.ts'
import { type Key, uniform } from '../random/index.ts'
import { type OnnxModel, type OnnxSamples, onnxModel } from '../runtime/ort/node.ts'

/** How fast a network answers on this machine, as medians. */
export interface Latency {
  /** Milliseconds for one sample alone. */
  readonly milliseconds: number
  /** Samples a second in batches of `batch`. */
  readonly throughput: number
  readonly batch: number
  /** Runs behind the medians: of single samples, and of batches. */
  readonly repeats: readonly [single: number, batched: number]
}

/** Runs before the clock counts: the first ones reserve memory. */
const WARM_UP = 3
/** At least so many runs, and more until so much time has passed. */
const [LEAST_RUNS, LEAST_MS, MOST_RUNS] = [7, 300, 2000]

/**
 * Measures a network file on made samples, uniform from 0 to 1: time does not depend on the values, short of denormal ones.
 *
 * @throws UsageError where the file is missing or does not run
 *
 * @example
 * await measureLatency(`${run.folder}/model.onnx`, { key: key(0) }) // { milliseconds: 0.05, throughput: 210_000, batch: 64, … }
 */
export async function measureLatency(
  path: string,
  { key, batch = 64 }: { readonly key: Key; readonly batch?: number },
): Promise<Latency> {
  const model = await onnxModel(path, { batch })
  try {
    const one = await medianTime(model, samplesFor(model, 1, key))
    const many = await medianTime(model, samplesFor(model, batch, key))
    return {
      milliseconds: one.median,
      throughput: (1000 * batch) / many.median,
      batch,
      repeats: [one.repeats, many.repeats],
    }
  } finally {
    await model.dispose()
  }
}

function samplesFor({ input, sample }: OnnxModel, count: number, key: Key): OnnxSamples {
  const numbers = uniform(key, count * sample.reduce((size, dim) => size * dim, 1))
  if (input.dtype === 'float32') return numbers
  if (input.dtype === 'uint8') return Uint8Array.from(numbers, (value) => value * 256)
  throw new UsageError(`the network takes ${input.dtype}, which is not measured: give one of float32 or uint8`)
}

async function medianTime(model: OnnxModel, samples: OnnxSamples) {
  for (let i = 0; i < WARM_UP; i++) await model.predict(samples)
  const times: number[] = []
  const began = performance.now()
  while (times.length < LEAST_RUNS || (performance.now() - began < LEAST_MS && times.length < MOST_RUNS)) {
    const start = performance.now()
    await model.predict(samples)
    times.push(performance.now() - start)
  }
  return { median: medianOf(times), repeats: times.length }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}
