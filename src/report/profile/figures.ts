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
    sampleMeans === undefined
      ? []
      : [
          panelFigure('sample-means', [sampleMeans], {
            title: titleCase(sampleMeans.name),
            axis: `${sampleMeans.name} of a sample`,
          }),
        ]
  const target =
    problem.task === 'regression' && !fields.some(({ name }) => name === problem.target)
      ? [panelFigure('target', [problem.field], { title: 'Target', axis: problem.target })]
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
  const panels = (name: string, title: string, isDate: boolean): NamedFigure[] => {
    const all = fields.filter(({ type }) => (type === 'date') === isDate)
    const shown = all.slice(0, MAX_HISTOGRAMS)
    const more = all.length > shown.length ? ` The first ${MAX_HISTOGRAMS} of ${all.length} columns.` : ''
    const [only] = shown.length === 1 ? shown : []
    return shown.length === 0
      ? []
      : [panelFigure(name, shown, { title, isDate, more, ...(only && { axis: only.name }) })]
  }
  return [...panels('histograms', 'Values', false), ...panels('dates', 'Dates', true), ...means, ...target]
}

interface PanelOptions {
  readonly title: string
  readonly axis?: string
  readonly isDate?: boolean
  readonly more?: string
}

function panelFigure(name: string, fields: readonly NumberField[], options: PanelOptions): NamedFigure {
  const { title, axis, isDate = false, more = '' } = options
  const [only] = fields
  const outliers =
    fields.length === 1 && only?.outliers
      ? ` ${whole(only.outliers.count)} beyond Tukey’s fences (${value(only.outliers.low)}, ${value(only.outliers.high)}).`
      : ''
  return {
    name,
    figure: histogramsFigure(
      fields.map((field) => ({ name: field.name, ...field.histogram })),
      { unit: 'samples', title, isDate, ...(axis !== undefined && { axis }) },
    ),
    caption: `How the values are spread.${more}${outliers}`,
  }
}

const titleCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

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
