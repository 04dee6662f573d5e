import { UsageError } from '../../errors.ts'
import type { Key } from '../../random/index.ts'
import type { Explained, Question } from './explained.ts'
import { gradient, inputTimesGradient } from './gradient.ts'
import { type Completeness, integratedGradients } from './integratedGradients.ts'
import { occlusion, planeOf } from './occlusion.ts'
import { smoothGrad } from './smoothGrad.ts'

/** Ways to say what in a sample an output depends on. */
export const SALIENCY_METHODS = [
  'gradient',
  'input-x-gradient',
  'integrated-gradients',
  'smoothgrad',
  'grad-cam',
  'occlusion',
] as const
export type SaliencyMethod = (typeof SALIENCY_METHODS)[number]

/** Of some samples by one method. */
export interface SaliencyMap {
  readonly method: SaliencyMethod
  /** `[n, …sample]`; of Grad-CAM and occlusion `[n, …places]`, without the axis of channels. */
  readonly data: Float32Array
  /** Of integrated gradients, one a sample. */
  readonly completeness?: readonly Completeness[]
}

export interface SaliencyOptions {
  readonly methods: readonly SaliencyMethod[]
  /** What integrated gradients compare with and occlusion covers with, `[n, …sample]`. */
  readonly baseline: Float32Array
  /** Of SmoothGrad's noise. */
  readonly key: Key
  /**
   * Of samples whose numbers are in units of their own, as features of a table: slopes are told per so much of each (its standard deviation), and
   * SmoothGrad's noise goes by how far each varies, `[…sample]` both.
   */
  readonly units?: { readonly std: Float32Array; readonly range: Float32Array } | undefined
  /** Layer of Grad-CAM. */
  readonly layer?: string | undefined
  /** Points of integrated gradients; default: as many as it takes. */
  readonly steps?: number | undefined
  /** Noisy copies of SmoothGrad; default 64. */
  readonly copies?: number | undefined
  /** Side of the occluding square; default a seventh of the image. */
  readonly size?: number | undefined
  /** Called before each method; what it throws ends the work. */
  onProgress?(method: SaliencyMethod): void
}

/**
 * Explains outputs by several methods, in the order in which they are named.
 *
 * @throws UsageError where Grad-CAM is asked for and no layer is named
 *
 * @example
 * const maps = await saliency(network, question, { methods: ['gradient', 'occlusion'], baseline: new Float32Array(784), key: key(0) })
 */
export async function saliency(of: Explained, question: Question, options: SaliencyOptions): Promise<SaliencyMap[]> {
  const maps: SaliencyMap[] = []
  for (const method of options.methods) {
    options.onProgress?.(method)
    maps.push({ method, ...(await mapBy(method, of, question, options)) })
  }
  return maps
}

async function mapBy(
  method: SaliencyMethod,
  of: Explained,
  question: Question,
  { baseline, key, layer, steps, copies, size, units }: SaliencyOptions,
): Promise<Omit<SaliencyMap, 'method'>> {
  const perUnit = (slopes: Float32Array): Float32Array =>
    units === undefined ? slopes : slopes.map((slope, i) => slope * (units.std[i % units.std.length] ?? 1))
  switch (method) {
    case 'gradient':
      return { data: perUnit(await gradient(of, question)) }
    case 'input-x-gradient':
      return { data: await inputTimesGradient(of, question) }
    case 'integrated-gradients':
      return integratedGradients(of, question, { baseline, ...(steps !== undefined && { steps }) })
    case 'smoothgrad':
      return {
        data: perUnit(
          await smoothGrad(of, question, {
            key,
            ...(copies !== undefined && { copies }),
            ...(units && { range: units.range }),
          }),
        ),
      }
    case 'grad-cam':
      if (layer === undefined)
        throw new UsageError(
          'Grad-CAM needs a convolution, and the model has none: name a layer, or leave grad-cam out',
        )
      return { data: await of.classActivation(layer, question) }
    case 'occlusion':
      return { data: await occlusion(of, question, { baseline, ...(size !== undefined && { size }) }) }
  }
}

/** The maps of the samples as planes, `[n, height × width]`: what the channels say is added up. */
export function planes({ data }: Pick<SaliencyMap, 'data'>, sample: readonly number[], samples: number): Float32Array {
  const { channels, height, width } = planeOf(sample)
  const plane = height * width
  if (data.length === samples * plane) return data
  return Float32Array.from({ length: samples * plane }, (_, i) => {
    const [one, place] = [Math.floor(i / plane), i % plane]
    let sum = 0
    for (let c = 0; c < channels; c++) sum += data[(one * channels + c) * plane + place] ?? 0
    return sum
  })
}
