import { type Correlation, classesOf, type Field, type NumberField, type Profile } from '../../data/profile/index.ts'
import {
  classBalanceFigure,
  colorHistogramFigure,
  correlationFigure,
  type Figure,
  histogramsFigure,
} from '../../figures/index.ts'
import { value, whole } from '../format.ts'

/** Columns that get a histogram, and columns of a correlation matrix that can be read. */
const MAX_HISTOGRAMS = 30
const MAX_MATRIX = 40

/** A figure by the name of its files. */
export interface NamedFigure {
  readonly name: string
  readonly figure: Figure
  readonly caption: string
}

/** Figures that a profile's numbers give. */
export function profileFigures(profile: Profile): NamedFigure[] {
  return [...valueFigures(profile), ...classFigures(profile), ...correlationFigures(profile.correlation)]
}

const isNumber = (field: Field): field is NumberField => field.kind === 'number'

/** How values are spread. */
export function valueFigures({ splits, modality, sampleMeans, problem }: Profile): NamedFigure[] {
  const fields = (splits[0]?.fields ?? []).filter(isNumber).filter(({ count }) => count > 0)
  const means =
    sampleMeans === undefined ? [] : [panelFigure('sample-means', [sampleMeans], `${sampleMeans.name} of a sample`)]
  const target =
    problem.task === 'regression' && !fields.some(({ name }) => name === problem.target)
      ? [panelFigure('target', [problem.field], problem.target)]
      : []
  if (modality === 'images')
    return [
      {
        name: 'color-histogram',
        figure: colorHistogramFigure(fields.map(({ name, histogram }) => ({ name, ...histogram }))),
        caption: `How often each intensity comes, over all pixels of the ${splits.length > 1 ? 'training split' : 'data'}; the scale is that of square roots, so that rare ones show.`,
      },
      ...means,
      ...target,
    ]
  const shown = fields.slice(0, MAX_HISTOGRAMS)
  if (shown.length === 0) return target
  const more = fields.length > shown.length ? ` The first ${MAX_HISTOGRAMS} of ${fields.length} columns.` : ''
  return [panelFigure('histograms', shown, undefined, more), ...means, ...target]
}

function panelFigure(name: string, fields: readonly NumberField[], axis?: string, more = ''): NamedFigure {
  const panels = fields.map(({ name: title, type, histogram: { low, high, counts } }) =>
    type === 'date'
      ? { name: `${title} (year)`, low: yearOf(low), high: yearOf(high), counts }
      : { name: title, low, high, counts },
  )
  const [only] = fields
  const outliers =
    fields.length === 1 && only?.outliers
      ? ` ${whole(only.outliers.count)} beyond Tukey’s fences (${value(only.outliers.low)}, ${value(only.outliers.high)}).`
      : ''
  return {
    name,
    figure: histogramsFigure(panels, {
      unit: axis === undefined ? 'values' : 'samples',
      ...(axis !== undefined && { axis }),
    }),
    caption: `How the values are spread.${more}${outliers}`,
  }
}

export function classFigures({ problem, splits }: Profile): NamedFigure[] {
  const classes = classesOf(problem)
  const counted = splits.flatMap(({ name, classCounts }) => (classCounts ? [{ split: name, counts: classCounts }] : []))
  if (classes === undefined || classes.length === 0 || counted.length === 0) return []
  return [
    {
      name: 'class-balance',
      figure: classBalanceFigure(classes, counted),
      caption: 'Share of each class, with its number of samples.',
    },
  ]
}

export function correlationFigures(correlation: Correlation | undefined): NamedFigure[] {
  if (correlation === undefined || correlation.names.length > MAX_MATRIX) return []
  return [
    {
      name: 'correlation',
      figure: correlationFigure(correlation.names, correlation.matrix),
      caption: 'Pearson’s r of every two columns of numbers; grey where one of them is constant.',
    },
  ]
}

/** Of days from 1970-01-01. */
const yearOf = (days: number): number => 1970 + days / 365.2425
