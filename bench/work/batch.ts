import { key, normal, uniform } from '../../src/random/index.ts'
import type { Work } from './work.ts'

/** One batch, the same for all peers. */
export interface Batch {
  /** `[batch, …sample]` */
  readonly inputs: Float32Array
  /** Classes, or numbers `[batch, count]`. */
  readonly targets: Int32Array | Float32Array
}

/** Makes data that can be learnt: the sine of a number, or images that are brighter in a band that tells their class. */
export function makeBatch({ sample, target }: Work, batch: number): Batch {
  const width = sample.reduce((product, size) => product * size, 1)
  const size = batch * width
  if (target.kind === 'numbers') {
    const inputs = uniform(key(0), size, { low: -Math.PI, high: Math.PI })
    const targets = new Float32Array(batch * target.count)
    for (let i = 0; i < targets.length; i++) targets[i] = Math.sin(inputs[Math.floor(i / target.count) * width] ?? 0)
    return { inputs, targets }
  }
  const targets = Int32Array.from({ length: batch }, (_, i) => i % target.count)
  const inputs = normal(key(0), size)
  for (let i = 0; i < size; i++) {
    const band = Math.floor(((i % width) * target.count) / width)
    if (band === targets[Math.floor(i / width)]) inputs[i] = (inputs[i] ?? 0) + 1
  }
  return { inputs, targets }
}
