import { UsageError } from '../../errors.ts'
import type { Run } from '../../runs/index.ts'

/** Networks at both ends of a line. */
export interface RunPair {
  /** `seed 0`; of two runs with different seeds `seeds 0 and 3`. */
  readonly name: string
  readonly a: Run
  readonly b: Run
}

/**
 * Runs of two groups by their seeds; a run on each side is a pair whatever its seed.
 *
 * @throws UsageError where the groups have no seed in common
 * @example
 * runPairs(small.runs, large.runs).map(({ name }) => name) // ['seed 0', 'seed 1']
 */
export function runPairs(a: readonly Run[], b: readonly Run[]): RunPair[] {
  const [one, other] = [a[0], b[0]]
  if (one !== undefined && other !== undefined && a.length === 1 && b.length === 1) {
    const [own, others] = [one.manifest.seed, other.manifest.seed]
    return [{ name: own === others ? `seed ${own}` : `seeds ${own} and ${others}`, a: one, b: other }]
  }
  const pairs = a.flatMap((run) => {
    const partner = b.find(({ manifest }) => manifest.seed === run.manifest.seed)
    return partner === undefined ? [] : [{ name: `seed ${run.manifest.seed}`, a: run, b: partner }]
  })
  const seedsOf = (runs: readonly Run[]): string => runs.map(({ manifest }) => manifest.seed).join(', ')
  if (pairs.length === 0)
    throw new UsageError(
      `A has the seeds ${seedsOf(a)} and B has ${seedsOf(b)}: pairs need a seed that both have; give a run on each side, or train more seeds`,
    )
  return pairs
}
