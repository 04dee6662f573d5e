import type { LoadProgress } from '../data/index.ts'
import { type TaskBar, taskBar } from './taskBar.ts'

/** How the loading of data is shown. */
export interface Loading {
  at(progress: LoadProgress): void
  stop(): void
}

/** How far loading is and how fast, on a bar or in lines. */
export function loading(bar: TaskBar = taskBar()): Loading {
  let current: { readonly what: string; readonly began: number; readonly from: number } | undefined
  return {
    at: (progress) => {
      const { what, done, total } = progress
      const now = performance.now()
      if (current?.what !== what) current = { what, began: now, from: done }
      const rate = (1000 * (done - current.from)) / (now - current.began)
      bar.at(what, total === undefined ? Number.NaN : done / total, `: ${amounts(progress, rate)}`)
    },
    stop: () => bar.stop(),
  }
}

/**
 * `1,200 of 7,000 files (340 a second)`.
 *
 * @param rate - a second; left out where it is none
 */
export function amounts({ unit, done, total }: Omit<LoadProgress, 'what'>, rate = 0): string {
  const [shown, name] =
    unit === 'bytes'
      ? [(n: number) => (n / 1e6).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }), 'MB']
      : [(n: number) => Math.round(n).toLocaleString('en'), unit]
  const speed = rate > 0 && Number.isFinite(rate) ? ` (${shown(rate)}${unit === 'bytes' ? ' MB' : ''} a second)` : ''
  return `${shown(done)}${total === undefined ? '' : ` of ${shown(total)}`} ${name}${speed}`
}
