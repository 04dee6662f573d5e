import { UsageError } from '../../../../errors.ts'
import { comparisonCurves, confusionMatrixFigure, outlineSvg, trainingCurves } from '../../../../figures/index.ts'
import { argmax, confusionMatrix } from '../../../../metrics/index.ts'
import { BATCH_LOSS, type Run, type RunGroup, storedOutline } from '../../../../runs/index.ts'
import { comparisonFigures } from '../../../comparison/index.ts'
import { gridMaps } from '../../../group/gridMaps.ts'
import { groupRoc } from '../../../group/groupCurves.ts'
import { groupFits } from '../../../group/groupFits.ts'
import { metricName } from '../../../readable.ts'
import { modelName } from '../../facts.ts'
import type { Records } from '../../records.ts'
import { comparisonOf, keyOf } from '../comparison.ts'
import { differingAxes, groupScore, loggedMetrics } from '../tables/axes.ts'
import { requireJudged } from '../tables/classes.ts'
import type { RunsSubject } from '../tables/maker.ts'
import { drawn, drawnNamed } from './drawn.ts'
import type { FigureMaker } from './maker.ts'

const runsOf = (groups: readonly RunGroup[]): Run[] => groups.flatMap(({ runs }) => runs)

/** @throws UsageError where a figure of one run is asked of several */
export function requireOne(groups: readonly RunGroup[], what: string): Run {
  const [run, ...more] = runsOf(groups)
  if (run !== undefined && more.length === 0) return run
  throw new UsageError(
    `${what} is of one run, and these are ${more.length + 1}: choose one, as in run('…', { seed: 0 })`,
  )
}

const ofComparison =
  (name: string): FigureMaker<RunsSubject> =>
  async ({ groups }, options, records) => {
    const metrics = await options.texts('metrics')
    const figures = comparisonFigures(await comparisonOf(records, groups, metrics))
    return drawnNamed(figures.find((one) => one.name === name))
  }

/** Of one run its curves; of several means with bands. Options: `metrics`, `traces` (a line a seed). */
const curves: FigureMaker<RunsSubject> = async ({ groups }, options, records) => {
  const metrics = await options.texts('metrics')
  const traces = await options.flag('traces')
  const all = runsOf(groups)
  const [run] = all
  if (run !== undefined && all.length === 1) {
    const logged = (await records.metrics(run)).filter(({ name }) => name !== BATCH_LOSS)
    const shown = metrics === undefined ? logged : logged.filter(({ name }) => metrics.includes(name))
    return drawn(
      trainingCurves(shown),
      `${(metrics ?? ['Metrics']).map(metricName).join(', ')} at the end of each epoch: training solid, validation dashed. Vertical axes need not start at zero.`,
    )
  }
  const { groups: shown, said } = await drawnGroups(records, groups)
  const { curves: logged, groups: named } = await comparisonOf(records, shown, [])
  const lines = named.map(({ id, label }) => ({ label, runs: logged.filter(({ group }) => group === id) }))
  const spread = traces
    ? 'One line a seed.'
    : all.length > groups.length
      ? 'Lines are means over the seeds, bands go from the smallest to the largest value, both as far as all seeds of a group were trained.'
      : 'One seed each.'
  return drawn(
    comparisonCurves(lines, { traces, ...(metrics !== undefined && { metrics }) }),
    `${spread} Training and validation of a metric have one scale, which need not start at zero and may leave out the first epochs’ values.${said}`,
  )
}

/** Curves over each other: more colours and shapes cannot be told apart. */
const MOST_DRAWN = 7

/** The groups, or of more than can be told apart the best, by the validation split where there is one. */
async function drawnGroups(records: Records, groups: readonly RunGroup[]) {
  if (groups.length <= MOST_DRAWN) return { groups, said: '' }
  const split = (await loggedMetrics(records, groups, 'validation')).length > 0 ? 'validation' : 'train'
  const metric = (await loggedMetrics(records, groups, split))[0] ?? 'loss'
  const scores = await Promise.all(groups.map((group) => groupScore(records, group, { split, metric })))
  const cost = ({ mean, goal }: (typeof scores)[number]): number =>
    Number.isFinite(mean) ? (goal === 'min' ? mean : -mean) : Number.POSITIVE_INFINITY
  const best = new Set(
    scores
      .toSorted((a, b) => cost(a) - cost(b) || 0)
      .slice(0, MOST_DRAWN)
      .map(({ group }) => group.id),
  )
  return {
    groups: groups.filter(({ id }) => best.has(id)),
    said: ` The best ${MOST_DRAWN} of ${groups.length} groups by ${split} ${metricName(metric)} are drawn.`,
  }
}

/** Area under one class against the rest: of one run each class, of several the macro average. */
const roc: FigureMaker<RunsSubject> = async ({ groups }, _, records) => {
  const all = runsOf(groups)
  const judged = await requireJudged(records, groups)
  return all.length === 1 ? undefined : drawnNamed(groupRoc(judged))
}

/** One metric over the cells of a grid. Option `metric`. */
const map: FigureMaker<RunsSubject> = async ({ groups }, options, records) => {
  const metric = await options.text('metric')
  const all = await records.once(`maps ${keyOf(groups)}`, () => gridMaps(groups))
  const found =
    metric === undefined
      ? (all.find(({ name }) => !name.startsWith('grid-loss')) ?? all[0])
      : all.find(({ name }) => name === `grid-${metric}` || name.startsWith(`grid-${metric}-`))
  if (found !== undefined) return drawnNamed(found)
  const axes = differingAxes(groups)
  throw new UsageError(
    all.length === 0
      ? `there is no map: these groups differ along ${axes.join(', ') || 'nothing'}, and a map is of a grid`
      : `there is no map of ${metric}: there are ${all.map(({ name }) => name.replace('grid-', '')).join(', ')}`,
  )
}

const fits: FigureMaker<RunsSubject> = async ({ groups }, _, records) =>
  drawnNamed(await records.once(`fits ${keyOf(groups)}`, () => groupFits(groups)))

/** Summed over the runs of one group. */
const confusion: FigureMaker<RunsSubject> = async ({ groups }, options, records) => {
  const isNormalized = await options.flag('normalized')
  const [judged, ...more] = await requireJudged(records, groups)
  if (judged === undefined || more.length > 0)
    throw new UsageError(`a confusion matrix is of one group, and these are ${more.length + 1}: choose one`)
  const all = judged.runs.map(({ predictions: { targets, scores, classes } }) =>
    confusionMatrix(targets, argmax(scores, classes), classes),
  )
  const counts = judged.classes.map((_row, t) =>
    judged.classes.map((_column, p) => all.reduce((sum, one) => sum + (one.counts[t]?.[p] ?? 0), 0)),
  )
  const seeds = all.length === 1 ? '' : `, summed over ${all.length} seeds`
  return drawn(
    confusionMatrixFigure(counts, judged.classes, { isNormalized }),
    `Confusion matrix on the test split${seeds}. Rows are true classes. Hits are blue; mistakes are orange on a square-root scale of their own, so that rare ones show; empty cells are zero.`,
  )
}

/** The network, drawn from what the manifest tells of it. */
const architecture: FigureMaker<RunsSubject> = async ({ groups }, _, _records: Records) => {
  const models = new Map(runsOf(groups).map(({ manifest }) => [JSON.stringify(manifest.model.layers), manifest]))
  const [manifest, ...more] = models.values()
  if (manifest === undefined || more.length > 0)
    throw new UsageError(`an architecture is of one network, and these runs have ${models.size}: choose one`)
  const items = storedOutline(manifest)
  if (items === undefined)
    throw new UsageError(`the manifest of ${manifest.id} does not tell the layers of its network`)
  const last = manifest.model.layers.at(-1)?.['output shape']
  const { svg, alt } = outlineSvg(items, manifest.data.inputShape, {
    layers: manifest.model.layers.length,
    parameters: manifest.model.parameters,
    last: typeof last === 'string' ? last.split('×').map(Number) : [],
  })
  return {
    kind: 'figure',
    picture: { svg, alt },
    caption: `The architecture of ${modelName(manifest)}: solids are what comes out of a layer, by its size; activations and normalisation are told below the layer that they follow.`,
  }
}

/** Figures of runs that are drawn from their numbers. Others are looked for in a run's folder. */
export const RUN_FIGURES: Readonly<Record<string, FigureMaker<RunsSubject>>> = {
  scores: ofComparison('scores'),
  ...{ curves, roc, map, fits, architecture },
  'confusion-matrix': confusion,
}
