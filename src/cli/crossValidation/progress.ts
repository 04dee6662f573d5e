import type { FitPlan, FoldFit } from '../../search/index.ts'
import { type TaskBar, taskBar } from '../taskBar.ts'

/** How far the trainings of a cross-validation are, on a bar or in lines. */
export interface FoldProgress {
  /** These are about to begin. */
  start(fits: readonly number[]): void
  step(fit: number, samples: number): void
  /** A training is done, perhaps before its last epoch. */
  done(fit: number): void
  show(): void
  stop(): void
}

/** What of a fit is told, and by what it counts. */
type ProgressingFit = Pick<FoldFit, 'experiment' | 'place'> & {
  readonly prepared: { readonly train: { readonly indices: Uint32Array } }
}

/** @param fits those of the plan, and perhaps others */
export function foldProgress(
  { packs, fits: count }: FitPlan,
  fits: readonly ProgressingFit[],
  bar: TaskBar = taskBar(),
): FoldProgress {
  const planned = new Set(packs.flatMap((pack) => pack.fits))
  /** Samples that each will have trained on if it comes to its last epoch. */
  const totals = fits.map(({ experiment, prepared }, fit) =>
    planned.has(fit) ? experiment.epochs * prepared.train.indices.length : 0,
  )
  const passed = fits.map(() => 0)
  const isRepeated = fits.some(({ place }) => place.repeat > 0)
  const began = performance.now()
  let trained = 0
  let begun = 0
  let what = ''
  return {
    start: ([first = 0, ...others]) => {
      begun += 1 + others.length
      const { repeat = 0, fold = 0, seed = 0 } = fits[first]?.place ?? {}
      const place = [...(isRepeated ? [`repeat ${repeat + 1}`] : []), `fold ${fold + 1}`, `seed ${seed}`]
      what =
        others.length > 0
          ? `${others.length + 1} of ${count} trainings together`
          : `training ${begun} of ${count} (${place.join(', ')})`
    },
    step: (fit, samples) => {
      trained += samples
      passed[fit] = (passed[fit] ?? 0) + samples
    },
    done: (fit) => {
      passed[fit] = totals[fit] ?? 0
    },
    show: () => {
      const rate = (1000 * trained) / (performance.now() - began)
      bar.at(
        'cross-validation',
        sum(passed) / sum(totals),
        `, ${what}, ${Math.round(rate).toLocaleString('en')} samples a second`,
      )
    },
    stop: () => bar.stop(),
  }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
