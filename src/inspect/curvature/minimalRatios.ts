import * as z from 'zod'
import type { Experiment, Prepared } from '../../train/index.ts'
import { fitPopulation } from '../../train/index.ts'
import { criticalPoints } from './criticalPoints.ts'
import { spectrum } from './hessian.ts'

/** A short training that ended near a zero gradient, and the curvature there. */
export const minimalRatioSchema = z.object({
  seed: z.int(),
  parameters: z.int(),
  /** When training on the loss was over. */
  trained: z.object({ loss: z.number(), gradientNorm: z.number() }),
  /** When the gradient's norm had been minimised. */
  loss: z.number(),
  gradientNorm: z.number(),
  /** Whether the norm came to what was asked for; elsewhere the ratio says little. */
  isCritical: z.boolean(),
  /** Positive eigenvalues of the Hessian over parameters. */
  minimalRatio: z.number(),
  positive: z.int(),
  zero: z.int(),
  negative: z.int(),
  /** An eigenvalue no farther from 0 than this counts as zero. */
  tolerance: z.number(),
})

/** See {@link minimalRatioSchema}. */
export type MinimalRatio = z.infer<typeof minimalRatioSchema>

export interface MinimalRatiosOptions {
  /** The gradient's norm that counts as zero; default 5e-4. */
  readonly gradient?: number | undefined
  /** An eigenvalue no farther from 0 counts as zero; default: what float32 cannot tell from zero, of each network. */
  readonly zero?: number | undefined
  /** Steps of the minimisation of the norm at most; default 60. */
  readonly steps?: number | undefined
  /** Asked now and then; what it throws ends the work. */
  readonly check?: (() => void | Promise<void>) | undefined
  readonly onProgress?:
    | ((phase: 'training' | 'gradient' | 'eigenvalues', share: number, detail: string) => void)
    | undefined
}

/**
 * The minimal ratio of many short trainings: each is trained on the loss as the experiment says, then moved to where its gradient vanishes (see
 * `criticalPoints`), and the share of positive eigenvalues of its Hessian is counted there. All on the training split, and all as one population.
 *
 * A training that diverges has no ratio and is left out.
 *
 * Source: Lee, Machine learning, homework 1-2
 *
 * @throws UsageError for a model of more than 1,000 parameters
 *
 * @example
 * const ratios = await minimalRatios(experiment, await prepare(experiment), [0, 1, 2])
 * ratios[0] // { seed: 0, loss: 0.0021, gradientNorm: 3e-6, minimalRatio: 0.61, … }
 */
export async function minimalRatios(
  experiment: Experiment,
  prepared: Prepared,
  seeds: readonly number[],
  { gradient = 5e-4, zero, steps = 60, check, onProgress }: MinimalRatiosOptions = {},
): Promise<MinimalRatio[]> {
  const { network, train } = prepared
  let [all, done] = [0, 0]
  const results = await fitPopulation(
    experiment,
    prepared,
    seeds.map((seed) => ({ seed })),
    {
      onStart: ({ stepsPerEpoch }) => {
        all = stepsPerEpoch * experiment.epochs * seeds.length
      },
      onStep: () => {
        done++
      },
      onSettled: async () => {
        await check?.()
        onProgress?.('training', all === 0 ? 0 : done / all, `${seeds.length} networks`)
      },
    },
  )
  const sound = results.flatMap(({ status, state }, k) =>
    status === 'finished' ? [{ state, seed: seeds[k] ?? 0 }] : [],
  )
  if (sound.length === 0) return []
  const points = await criticalPoints(
    { network, loss: experiment.loss },
    sound.map(({ state }) => state.variables),
    train,
    {
      tolerance: gradient,
      steps,
      check,
      onStep: (step, left) => onProgress?.('gradient', step / steps, `${left} of ${sound.length} networks left`),
    },
  )
  const found: MinimalRatio[] = []
  for (const [k, point] of points.entries()) {
    await check?.()
    onProgress?.('eigenvalues', k / points.length, `${k} of ${points.length}`)
    const {
      positive,
      zero: zeros,
      negative,
      tolerance,
      minimalRatio,
    } = await spectrum(point.hessian, { tolerance: zero })
    const { loss, gradientNorm, at, from } = point
    found.push({
      ...{ seed: sound[k]?.seed ?? 0, parameters: at.length, trained: from, loss, gradientNorm },
      isCritical: gradientNorm <= gradient,
      ...{ minimalRatio, positive, zero: zeros, negative, tolerance },
    })
  }
  return found
}
