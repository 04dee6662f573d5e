import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { type Observation, type Schedule, share } from './schedule.ts'

const schema = z.strictObject({
  monitor: z.string().regex(/^[^.]+\..+$/, 'name a split and a score, as in validation.loss'),
  mode: z.enum(['min', 'max']),
  patience: z.number().int().min(0),
  factor: z.number().gt(0).lt(1),
  threshold: z.number().min(0),
  cooldown: z.number().int().min(0),
  minimum: share,
})

export interface ReduceOnPlateauOptions {
  /** Split and score, as they are logged; default 'validation.loss'. */
  readonly monitor?: string
  /** Whether it should fall or rise; default 'min'. */
  readonly mode?: 'min' | 'max'
  /** Evaluations without improvement that are borne; the rate falls after the next one; default 10. */
  readonly patience?: number
  /** What the rate is multiplied by; default 0.1. */
  readonly factor?: number
  /** Share of the best score so far by which another must be better to count; default 1e-4. */
  readonly threshold?: number
  /** Evaluations after a fall that do not count; default 0. */
  readonly cooldown?: number
  /** Share of the learning rate below which it does not fall; default 0. */
  readonly minimum?: number
}

/**
 * The learning rate falls when a score stops improving (PyTorch's `ReduceLROnPlateau` with its relative threshold, stepped
 * after every evaluation). A score that is not a number counts as no improvement. The falls are worked out anew from all
 * scores so far, so a training that is resumed has the same ones.
 *
 * @throws UsageError at the first step after an evaluation, naming the scores there are, where none is `monitor`
 * @example
 * reduceOnPlateau({ monitor: 'validation.accuracy', mode: 'max', patience: 3, factor: 0.5 })
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Schedule {
  const config = parseConfig('reduceOnPlateau', schema, {
    monitor: 'validation.loss',
    mode: 'min',
    patience: 10,
    factor: 0.1,
    threshold: 1e-4,
    cooldown: 0,
    minimum: 0,
    ...options,
  })
  const { monitor, mode, patience, factor, threshold, cooldown, minimum } = config
  const isBetter = (score: number, best: number): boolean =>
    mode === 'min' ? score < best * (1 - threshold) : score > best * (1 + threshold)
  return {
    kind: 'reduceOnPlateau',
    config,
    factor: (_step, _steps, { history }) => {
      let rate = 1
      let best = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      let bad = 0
      let cooling = 0
      for (const score of scoresIn(history, monitor)) {
        if (isBetter(score, best)) {
          best = score
          bad = 0
        } else bad += 1
        if (cooling > 0) {
          cooling -= 1
          bad = 0
        }
        if (bad > patience) {
          rate = Math.max(rate * factor, minimum)
          cooling = cooldown
          bad = 0
        }
      }
      return rate
    },
    with: (changes) => reduceOnPlateau({ ...options, ...changes }),
  }
}

/** One score of the evaluations that have it, oldest first. */
function scoresIn(history: readonly Observation[], monitor: string): number[] {
  const dot = monitor.indexOf('.')
  const [split, name] = [monitor.slice(0, dot), monitor.slice(dot + 1)]
  const scores = history.flatMap((observation) => observation[split]?.[name] ?? [])
  if (scores.length > 0 || history.length === 0) return scores
  const seen = history.flatMap((observation) =>
    Object.entries(observation).flatMap(([part, values]) => Object.keys(values).map((score) => `${part}.${score}`)),
  )
  throw new UsageError(
    `reduceOnPlateau: there is no ${monitor} to watch; the scores are ${[...new Set(seen)].join(', ')}: ` +
      'set monitor to one of them, or hold validation samples out (split)',
  )
}
