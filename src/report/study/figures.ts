import {
  type Figure,
  importanceBars,
  intermediateValues,
  parallelCoordinates,
  rateTable,
  searchContour,
  searchHistory,
  searchSlices,
} from '../../figures/index.ts'
import { isRate } from '../../figures/search/index.ts'
import type { NamedFigure } from '../profile/figures.ts'
import type { StudyContent } from './content.ts'

/** Parameters that get a panel or an axis: the most important ones. */
const MOST_SLICES = 12
const MOST_AXES = 8
/** Learning rates, one in each branch, that get a table. */
const MOST_RATES = 3

/**
 * The figures of a study, as far as it has what they show.
 *
 * @example
 * for (const { name, figure } of studyFigures(await readStudyContent('studies/mlp'))) await saveFigure('.', name, figure)
 */
export function studyFigures({ study, objective, importance, folds }: StudyContent): NamedFigure[] {
  const hasValues = study.trials.some(({ outcome }) => outcome?.state === 'complete')
  if (!hasValues) return []
  const { axes } = study.space
  const paths =
    importance.kind === 'known' ? importance.parameters.map(({ path }) => path) : axes.map(({ path }) => path)
  const value = { value: objective }
  const most = (count: number): string =>
    paths.length > count
      ? ` The ${count} ${importance.kind === 'known' ? 'most important' : 'first'} of ${paths.length} parameters.`
      : ''
  const named = (name: string, figure: Figure, caption: string): NamedFigure => ({ name, figure, caption })
  const figures = [
    named(
      'history',
      searchHistory(study, { ...value, reports: folds === undefined ? 'epochs' : 'folds' }),
      'Trials in their order. The line is the best so far: it can only get better, also by luck.',
    ),
    named(
      'slices',
      searchSlices(study, { ...value, parameters: paths.slice(0, MOST_SLICES) }),
      `Each complete trial against each parameter.${most(MOST_SLICES)}`,
    ),
    named(
      'parallel-coordinates',
      parallelCoordinates(study, {
        ...value,
        parameters: axes.map(({ path }) => path).filter((path) => paths.indexOf(path) < MOST_AXES),
      }),
      `A line a trial, an axis a parameter; the darker the better, the best five thick; dotted across parameters that a trial has not.${most(MOST_AXES)}`,
    ),
  ]
  if (study.trials.some(({ reports }) => reports.some((report) => Number.isFinite(report.value))))
    figures.push(
      named(
        'intermediate-values',
        intermediateValues(study, { ...value, step: folds === undefined ? 'epoch' : 'fold' }),
        'What trials reported on their way; crosses are where the pruner stopped them.',
      ),
    )
  if (importance.kind === 'known') {
    figures.push(
      named('importance', importanceBars(importance), 'How much each parameter matters, in two ways; see the table.'),
    )
    if (importance.pairs.some(({ together }) => together > 0))
      figures.push(
        named(
          'contour',
          searchContour(study, importance, value),
          'The two parameters that explain most, as the forest of the importances expects it: steps, and a guess where there are no points.',
        ),
      )
  }
  const rates = axes.filter(
    (axis, i) =>
      isRate(axis) &&
      study.trials.some(({ point, outcome }) => point[i] !== undefined && outcome?.state === 'complete'),
  )
  for (const { path } of rates.slice(0, MOST_RATES))
    if (axes.length > 1)
      figures.push(
        named(
          rates.length === 1 ? 'learning-rate' : `learning-rate-${path.replaceAll(/[^\w.-]+/g, '-')}`,
          rateTable(study, { ...value, rate: path }),
          `${path} against every other parameter: does the best rate move? Samplers that learn leave few trials where they expect little.`,
        ),
      )
  return figures
}
