import { initialize, type Layer, loadStateDict, stateDict, type Variables } from '../../nn/index.ts'
import type { Key } from '../../random/index.ts'
import type { Explained, Question } from './explained.ts'
import { planeOf } from './occlusion.ts'
import { planes, type SaliencyMap, type SaliencyMethod, type SaliencyOptions, saliency } from './saliency.ts'
import { rankCorrelation, ssim } from './similarity.ts'

export interface SanityOptions extends SaliencyOptions {
  readonly model: Layer
  /** The trained weights. */
  readonly variables: Variables
  /** Shape of one sample as the model gets it. */
  readonly prepared: readonly number[]
  /** Layers that have weights, in the order in which a sample passes them. */
  readonly layers: readonly string[]
  /** Of the weights that replace the trained ones. */
  readonly weightsKey: Key
  /** Called before each layer. */
  onLayer?(layer: string, share: number): void
}

/** How alike the maps are to those of the trained network when the weights from the top down to a layer are drawn anew: means over the samples. */
export interface SanityStep {
  readonly method: SaliencyMethod
  /** The last layer whose weights were drawn anew. */
  readonly layer: string
  /** Layers drawn anew by then. */
  readonly randomized: number
  /** Spearman's, of the values. */
  readonly rankCorrelation: number
  /** Spearman's, of the values without their signs. */
  readonly magnitudeCorrelation: number
  /** Structural similarity; of samples that are planes. */
  readonly ssim?: number
  /** Samples whose maps could be compared: a map that is the same everywhere is like nothing. */
  readonly compared: number
}

/** What a check found. */
export interface Sanity {
  readonly steps: readonly SanityStep[]
  /** Maps after each step, the trained network's first: to be looked at. */
  readonly maps: readonly { readonly layer: string; readonly maps: readonly SaliencyMap[] }[]
  /** Methods whose maps stay alike when no trained weight is left: they show the sample more than the network. */
  readonly insensitive: readonly SaliencyMethod[]
}

/** From here on two maps are called alike. */
const ALIKE = 0.5

/**
 * Draws a network's weights anew, layer by layer from the output down, and compares the maps with those of the trained network. A method
 * whose maps stay alike says little about what the network has learnt.
 *
 * Source: Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018 (cascading randomisation).
 *
 * @example
 * const { insensitive } = await sanityCheck(network, question, { ...options, model, variables, prepared, layers, weightsKey: key(1) })
 */
export async function sanityCheck(of: Explained, question: Question, options: SanityOptions): Promise<Sanity> {
  const { model, variables, prepared, layers, weightsKey, onLayer } = options
  const [trained, fresh] = [stateDict(variables), stateDict(initialize(model, weightsKey, prepared))]
  const original = await saliency(of, question, options)
  const steps: SanityStep[] = []
  const maps: { layer: string; maps: readonly SaliencyMap[] }[] = [{ layer: '', maps: original }]
  for (const [i, layer] of layers.toReversed().entries()) {
    onLayer?.(layer, i / layers.length)
    const gone = layers.slice(layers.length - 1 - i)
    const isGone = (name: string): boolean => gone.includes(name.split('.').slice(0, -1).join('.'))
    const mixed = Object.fromEntries(
      Object.entries(trained).map(([name, weights]) => [name, isGone(name) ? (fresh[name] ?? weights) : weights]),
    )
    const found = await saliency(of.with(loadStateDict(variables, mixed)), question, options)
    maps.push({ layer, maps: found })
    for (const [m, { method, data }] of found.entries()) {
      const before = original[m]
      if (before === undefined) continue
      steps.push({ method, layer, randomized: i + 1, ...alike(before.data, data, of.sample, question.outputs.length) })
    }
  }
  const last = steps.filter(({ randomized }) => randomized === layers.length)
  const insensitive = last.filter(
    (step) => Math.max(Math.abs(step.rankCorrelation), step.magnitudeCorrelation, step.ssim ?? 0) >= ALIKE,
  )
  return { steps, maps, insensitive: insensitive.map(({ method }) => method) }
}

function alike(
  before: Float32Array,
  after: Float32Array,
  sample: readonly number[],
  samples: number,
): Omit<SanityStep, 'method' | 'layer' | 'randomized'> {
  const { height, width } = planeOf(sample)
  const [a, b] = [planes({ data: before }, sample, samples), planes({ data: after }, sample, samples)]
  const plane = height * width
  const sums = { rank: 0, magnitude: 0, ssim: 0, compared: 0 }
  for (let i = 0; i < samples; i++) {
    const [x, y] = [a.subarray(i * plane, (i + 1) * plane), b.subarray(i * plane, (i + 1) * plane)]
    const rank = rankCorrelation(x, y)
    const magnitude = rankCorrelation(x.map(Math.abs), y.map(Math.abs))
    if (Number.isNaN(rank) || Number.isNaN(magnitude)) continue
    sums.rank += rank
    sums.magnitude += magnitude
    sums.ssim += height > 1 ? ssim(scaled(x), scaled(y), height, width, 2) : 0
    sums.compared++
  }
  const mean = (sum: number): number => (sums.compared === 0 ? 0 : sum / sums.compared)
  return {
    rankCorrelation: mean(sums.rank),
    magnitudeCorrelation: mean(sums.magnitude),
    ...(height > 1 && { ssim: mean(sums.ssim) }),
    compared: sums.compared,
  }
}

/** So that the largest magnitude is 1. */
function scaled(values: Float32Array): Float32Array {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largest > 0 ? values.map((value) => value / largest) : values
}
