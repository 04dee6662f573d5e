import type { SplitName } from '../../runs/testModel/index.ts'
import { type Barrier, barrier, barrierOverPairs } from './barrier.ts'
import type { Interpolation } from './interpolate.ts'

/** What was done with the running statistics of batch norms: `'none'` where there are none. */
export type StatisticsUsed = 'none' | 'renewed' | 'interpolated'

/** Lines between two networks, or between two groups of them, pair by pair. */
export interface InterpolationStudy {
  /** What the networks at α = 0 and α = 1 are called. */
  readonly a: string
  readonly b: string
  readonly pairs: readonly InterpolatedPair[]
  readonly statistics: StatisticsUsed
  /** Whether B's units were brought into the order of A's. */
  readonly isAligned: boolean
  /** The splits that were scored, and how many of their samples. */
  readonly splits: readonly { readonly name: SplitName; readonly text: string }[]
}

export interface InterpolatedPair {
  /** `seed 0` */
  readonly name: string
  /** The line of all weights first, then those of layers alone. */
  readonly lines: readonly Interpolation[]
}

/** What must stand at every figure and in every document of interpolated statistics. */
export const INTERPOLATED_STATISTICS =
  'CAUTION: running statistics of batch norms were interpolated, not recomputed: between the ends they belong to no network'

/** What to know before the numbers: caution, alignment, samples. */
export const studyNotes = ({ statistics, isAligned, splits }: InterpolationStudy): string[] => [
  ...(statistics === 'interpolated' ? [INTERPOLATED_STATISTICS] : []),
  ...(statistics === 'renewed'
    ? ['running statistics of batch norms are recomputed on training samples at every α']
    : []),
  ...(isAligned ? ['B’s units stand in the order in which its weights are closest to A’s'] : []),
  splits.map(({ text }) => text).join('; '),
]

/** The barriers of a study's lines of all weights, on one split. */
export function studyBarriers({ pairs }: InterpolationStudy, split: SplitName) {
  const barriers = pairs.flatMap(({ name, lines: [line] }): (Barrier & { readonly pair: string })[] =>
    line === undefined ? [] : [{ pair: name, ...barrier(line, split) }],
  )
  return { barriers, summary: barrierOverPairs(barriers) }
}

/** What a study says, in sentences. */
export function studyText(study: InterpolationStudy): string {
  const { a, b, splits, pairs } = study
  const heights = splits.map(({ name }) => {
    const { barriers, summary } = studyBarriers(study, name)
    const [only] = barriers
    if (summary === undefined || only === undefined)
      return `on ${name} it cannot be told, as ${barriers.some(({ alpha }) => Number.isNaN(alpha)) ? 'no place between them was computed' : 'a loss is no finite number'}`
    if (barriers.every(({ height }) => height === 0)) return `on ${name} 0 at all places that were computed`
    if (pairs.length === 1) return `on ${name} ${short(only.height)} (at α = ${only.alpha})`
    return `on ${name} ${short(summary.mean)} (95 % interval ${short(summary.low)} to ${short(summary.high)} over ${pairs.length} pairs)`
  })
  const gaps = pairs.flatMap(({ lines: [line] }) =>
    (line?.points ?? []).flatMap(({ alpha, scores: { train, test } }) =>
      train?.loss === undefined || test?.loss === undefined || alpha < 0 || alpha > 1
        ? []
        : [{ alpha, gap: test.loss - train.loss }],
    ),
  )
  const gapAt = (alpha: number): number => {
    const own = gaps.filter((one) => one.alpha === alpha)
    return own.reduce((sum, { gap }) => sum + gap, 0) / own.length
  }
  const gapText =
    gaps.length === 0
      ? ''
      : ` The test loss less the training loss is ${short(gapAt(0))} at A and ${short(gapAt(1))} at B.`
  const lost = new Set(
    pairs.flatMap(({ lines }) =>
      lines.flatMap(({ points }) =>
        points.flatMap(({ alpha, scores }) =>
          Object.values(scores).every(({ loss = Number.NaN }) => Number.isFinite(loss)) ? [] : [alpha],
        ),
      ),
    ),
  )
  const lostText =
    lost.size === 0
      ? ''
      : ` The loss is no finite number at α = ${[...lost].sort((one, other) => one - other).join(', ')}.`
  const caution = study.statistics === 'interpolated' ? ` ${INTERPOLATED_STATISTICS}.` : ''
  return `Between ${a} (α = 0) and ${b} (α = 1) the loss rises above the straight line between theirs${study.isAligned ? ', after alignment,' : ''} by: ${heights.join(', ')}.${gapText}${lostText}${caution}`
}

/** Three digits. */
const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value))
