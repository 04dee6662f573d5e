/** Small made data for tests of training. @module */
import { arrays, type DataSource } from '../data/index.ts'
import { key, normal, uniform } from '../random/index.ts'

/** Clouds of points around `classes` corners of a circle, in the plane; enough apart to be learnt in seconds. */
export function clouds({ samples = 90, classes = 3, test = 0, seed = 0 } = {}): DataSource {
  const make = (count: number, from: number) => {
    const noise = normal(key(from), count * 2, { std: 0.3 })
    const label = Array.from({ length: count }, (_, i) => i % classes)
    const data = noise.map((value, i) => {
      const angle = (2 * Math.PI * (label[i >> 1] ?? 0)) / classes
      return value + 2 * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle))
    })
    return {
      inputs: { data, shape: [2] },
      targets: {
        task: 'classification' as const,
        labels: label,
        classes: Array.from({ length: classes }, (_, c) => `corner ${c}`),
      },
    }
  }
  return arrays({ name: 'clouds', ...make(samples, seed), ...(test > 0 && { test: make(test, seed + 1) }) })
}

/** y = sin(πx) on [-1, 1]. */
export function sine(samples = 75): DataSource {
  const x = uniform(key(0), samples, { low: -1, high: 1 })
  return arrays({
    name: 'sine',
    inputs: { data: x, shape: [1] },
    targets: { task: 'regression', values: x.map((value) => Math.sin(Math.PI * value)), shape: [1] },
  })
}

/** Images of 6×6 with vertical (class 0) or horizontal (class 1) stripes, each of another phase and with noise, as bytes. */
export function stripes(samples = 44): DataSource {
  const noise = uniform(key(0), samples * 36)
  const data = Uint8Array.from(noise, (value, i) => {
    const [image, row, column] = [Math.floor(i / 36), Math.floor((i % 36) / 6), i % 6]
    const along = image % 2 === 0 ? column : row
    return ((along + (image >> 1)) % 2) * 150 + value * 100
  })
  const labels = Array.from({ length: samples }, (_, i) => i % 2)
  return arrays({
    name: 'stripes',
    inputs: { data, shape: [1, 6, 6] },
    targets: { task: 'classification', labels, classes: ['vertical', 'horizontal'] },
  })
}
