import { runningMoments } from '../numbers.ts'
import type { Points } from './points.ts'

export interface TsneOptions {
  /** Distance of every two points, [n, n]. */
  readonly distances: Float32Array
  /** Where the points begin, [n, 2]: principal components keep what is far apart from being torn at random. */
  readonly start: Points
  /** Effective number of neighbours of a point (default 30, at most a third of the points). */
  readonly perplexity?: number
  /** Default 750. */
  readonly iterations?: number
  /** Called now and then with the share that is done; what it returns is waited for. */
  onProgress?(share: number): void | Promise<void>
}

/** Steps in which near points attract each other this much more, so that groups form before they settle. */
const EXAGGERATED = 250
const EXAGGERATION = 12

/**
 * t-SNE: places points in the plane so that near ones stay near. Every pair is computed with, which suits some thousands of points.
 * Distances between groups, and their sizes, say nothing.
 *
 * Source: van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 9 (2008); step size and start by Kobak and Berens, "The art of
 * using t-SNE for single-cell transcriptomics", Nature Communications 10 (2019). No chance is in it.
 *
 * @returns [n, 2]
 */
export async function tsne(options: TsneOptions): Promise<Points> {
  const { distances, start, iterations = 750, onProgress = () => {} } = options
  const n = start.n
  const perplexity = Math.min(options.perplexity ?? 30, Math.max(1, (n - 1) / 3))
  const p = affinities(distances, n, perplexity)
  const y = spread(start, 1e-4)
  const rate = Math.max(50, n / EXAGGERATION / 4)
  const [update, gains, gradient] = [new Float64Array(2 * n), new Float64Array(2 * n).fill(1), new Float64Array(2 * n)]
  for (let step = 0; step < iterations; step++) {
    slope(p, y, step < EXAGGERATED ? EXAGGERATION : 1, gradient)
    const momentum = step < EXAGGERATED ? 0.5 : 0.8
    for (let i = 0; i < 2 * n; i++) {
      const [g, before] = [gradient[i] ?? 0, update[i] ?? 0]
      // Jacobs' delta-bar-delta: faster where the direction holds.
      const gain = Math.max(0.01, g * before < 0 ? (gains[i] ?? 1) + 0.2 : (gains[i] ?? 1) * 0.8)
      gains[i] = gain
      update[i] = momentum * before - rate * gain * g
      y[i] = (y[i] ?? 0) + (update[i] ?? 0)
    }
    if (step % 25 === 0) await onProgress(step / iterations)
  }
  return { data: y, n, d: 2 }
}

/** The first two columns with a given standard deviation of the first; in place of one that is not there, or flat, a ripple. */
function spread({ data, n, d }: Points, std: number): Float64Array {
  const y = new Float64Array(2 * n)
  let scale = 1
  for (let column = 0; column < 2; column++) {
    const moments = runningMoments()
    for (let i = 0; i < n; i++) moments.add(column < d ? (data[i * d + column] ?? 0) : 0)
    const { mean, std: width } = moments.result()
    if (column === 0 && width > 0) scale = std / width
    for (let i = 0; i < n; i++)
      // Points on a line would never leave it.
      y[2 * i + column] = width > 0 ? ((data[i * d + column] ?? 0) - mean) * scale : 1e-3 * std * Math.sin(i + column)
  }
  return y
}

/** Gradient of the Kullback–Leibler divergence, without its factor of 4 in both terms. */
function slope(p: Float32Array, y: Float64Array, exaggeration: number, out: Float64Array): void {
  const n = y.length / 2
  const repulsion = new Float64Array(2 * n)
  out.fill(0)
  let total = 0
  for (let i = 0; i < n; i++) {
    const xi = y[2 * i] ?? 0
    const yi = y[2 * i + 1] ?? 0
    let ax = 0
    let ay = 0
    let rx = 0
    let ry = 0
    for (let j = 0; j < i; j++) {
      const dx = xi - (y[2 * j] ?? 0)
      const dy = yi - (y[2 * j + 1] ?? 0)
      const q = 1 / (1 + dx * dx + dy * dy)
      const attracts = (p[i * n + j] ?? 0) * q
      const repels = q * q
      total += q
      ax += attracts * dx
      ay += attracts * dy
      rx += repels * dx
      ry += repels * dy
      out[2 * j] = (out[2 * j] ?? 0) - attracts * dx
      out[2 * j + 1] = (out[2 * j + 1] ?? 0) - attracts * dy
      repulsion[2 * j] = (repulsion[2 * j] ?? 0) - repels * dx
      repulsion[2 * j + 1] = (repulsion[2 * j + 1] ?? 0) - repels * dy
    }
    out[2 * i] = (out[2 * i] ?? 0) + ax
    out[2 * i + 1] = (out[2 * i + 1] ?? 0) + ay
    repulsion[2 * i] = (repulsion[2 * i] ?? 0) + rx
    repulsion[2 * i + 1] = (repulsion[2 * i + 1] ?? 0) + ry
  }
  for (let i = 0; i < 2 * n; i++) out[i] = 4 * (exaggeration * (out[i] ?? 0) - (repulsion[i] ?? 0) / (2 * total))
}

/** Symmetric probabilities that two points are neighbours, [n, n]; a bisection finds each point's bandwidth for the perplexity. */
function affinities(distances: Float32Array, n: number, perplexity: number): Float32Array {
  const p = new Float32Array(n * n)
  const wanted = Math.log(perplexity)
  const row = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let [low, high, precision] = [0, Number.POSITIVE_INFINITY, 1]
    let nearest = Number.POSITIVE_INFINITY
    for (let j = 0; j < n; j++) if (j !== i) nearest = Math.min(nearest, (distances[i * n + j] ?? 0) ** 2)
    for (let attempt = 0; attempt < 64; attempt++) {
      let [sum, weighted] = [0, 0]
      for (let j = 0; j < n; j++) {
        // From the nearest on, so that not all are 0.
        const squared = (distances[i * n + j] ?? 0) ** 2 - nearest
        const value = j === i ? 0 : Math.exp(-precision * squared)
        row[j] = value
        sum += value
        weighted += value * squared
      }
      const entropy = Math.log(sum) + (precision * weighted) / sum
      for (let j = 0; j < n; j++) row[j] = (row[j] ?? 0) / sum
      if (Math.abs(entropy - wanted) < 1e-5) break
      if (entropy > wanted) {
        low = precision
        precision = Number.isFinite(high) ? (precision + high) / 2 : precision * 2
      } else {
        high = precision
        precision = (precision + low) / 2
      }
    }
    for (let j = 0; j < n; j++) {
      const half = (row[j] ?? 0) / (2 * n)
      p[i * n + j] = (p[i * n + j] ?? 0) + half
      p[j * n + i] = (p[j * n + i] ?? 0) + half
    }
  }
  return p
}
