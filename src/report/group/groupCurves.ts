import { type RocSeries, rocFigure } from '../../figures/index.ts'
import { rocAucScore, rocCurve, softmax } from '../../metrics/index.ts'
import type { NamedFigure } from '../profile/figures.ts'
import type { JudgedGroup, JudgedRun } from './groupPredictions.ts'

/** Curves in one picture. */
const MOST_CURVES = 12

/**
 * ROC curves of groups, of class 1 where there are two and else the macro average: of every seed where that makes 12 curves at most, else of
 * each group's seed with the middle area, which is neither luck nor bad luck.
 */
export function groupRoc(groups: readonly JudgedGroup[]): NamedFigure | undefined {
  const ranked = groups.map((group) => ({
    ...group,
    // By area, without what has none.
    runs: group.runs
      .map((run) => ({ run, area: rocArea(run) }))
      .filter(({ area }) => !Number.isNaN(area))
      .sort((a, b) => a.area - b.area),
  }))
  const there = ranked.filter(({ runs }) => runs.length > 0)
  const count = there.reduce((sum, { runs }) => sum + runs.length, 0)
  if (count === 0) return undefined
  const isAll = count <= MOST_CURVES
  const series = there.flatMap(({ label, runs }) =>
    isAll
      ? runs
          .toSorted((a, b) => a.run.seed - b.run.seed)
          .map((one) => ({ ...one, name: runs.length === 1 ? label : `${label}, seed ${one.run.seed}` }))
      : runs
          .slice(Math.floor((runs.length - 1) / 2), Math.floor((runs.length - 1) / 2) + 1)
          .map((one) => ({ ...one, name: `${label}, seed ${one.run.seed}` })),
  )
  const largest = new Set(series.toSorted((a, b) => b.area - a.area).slice(0, MOST_CURVES))
  const drawn = series.filter((one) => largest.has(one))
  const [zero, one] = there[0]?.classes ?? []
  const isBinary = there.every(({ classes }) => classes.length === 2)
  const what = isBinary ? `${one} against ${zero}` : 'The macro average of all classes, each against the rest'
  return {
    name: 'roc',
    figure: rocFigure(drawn.map(({ name, run }): RocSeries => ({ name, curve: curveOf(run) }))),
    caption: `${what}, with the area under the curve. ${isAll ? 'One curve a seed.' : `Of each group the seed with the middle area${drawn.length < series.length ? `, of the ${drawn.length} groups with the largest` : ''}.`} The diagonal is chance.`,
  }
}

function curveOf({ predictions: { targets, scores, classes } }: JudgedRun) {
  return rocCurve(targets, softmax(scores, classes), classes, classes === 2 ? 1 : 'macro')
}

function rocArea({ predictions: { targets, scores, classes } }: JudgedRun): number {
  return rocAucScore(targets, softmax(scores, classes), classes, classes === 2 ? { of: 1 } : {})
}
