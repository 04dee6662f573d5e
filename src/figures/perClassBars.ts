import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from './figure.ts'

/** Scores of one class over a split. */
export interface ClassScores {
  readonly name: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Number of examples of the class. */
  readonly support: number
}

/** More classes than this are not told apart in one picture; the numbers beside it have all. */
const MAX_CLASSES = 40
const SCORES = ['precision', 'recall', 'F1'] as const
/** Dark, light and between, so that grey print tells them apart too. */
const COLORS = [PALETTE.blue, PALETTE.orange, PALETTE.green]

/**
 * Precision, recall and F1 of each class as bars, with how many examples it has. The axis begins at zero. Beyond 40 classes those with the
 * lowest F1 are drawn; the rows have all.
 *
 * @throws UsageError when there is no class, or two have one name
 *
 * @example
 * const figure = perClassFigure([{ name: 'cat', precision: 0.9, recall: 0.8, f1: 0.847, support: 120 }])
 */
export function perClassFigure(classes: readonly ClassScores[]): Figure {
  if (classes.length === 0) throw new UsageError('bars of classes need at least one class: give its scores')
  const names = classes.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new UsageError(`the class name "${twice}" is there twice: give each class its own name`)
  const byF1 = classes.toSorted((a, b) => a.f1 - b.f1)
  const isCut = classes.length > MAX_CLASSES
  const shown = isCut ? byF1.slice(0, MAX_CLASSES) : classes
  const title = (name: string, support: number): string => `${name} (${support.toLocaleString('en-GB')})`
  const bars = shown.flatMap(({ name, support, precision, recall, f1 }) =>
    [precision, recall, f1].map((value, i) => ({ class: title(name, support), score: SCORES[i] ?? 'F1', value })),
  )
  const sort = shown.map(({ name, support }) => title(name, support))
  const y = {
    field: 'class',
    type: 'nominal' as const,
    sort,
    axis: { title: 'class (examples)', labelLimit: 220, ticks: false },
    scale: { paddingInner: 0.28 },
  }
  const yOffset = { field: 'score', type: 'nominal' as const, sort: [...SCORES] }
  const x = {
    field: 'value',
    type: 'quantitative' as const,
    scale: { domain: [0, 1], nice: false },
    axis: { title: null, tickCount: 5, format: '.1f' },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: isCut
      ? `Scores of the ${MAX_CLASSES} classes with the lowest F1, of ${classes.length}`
      : 'Scores of each class',
    data: { values: bars },
    width: 420,
    height: { step: 11, for: 'offset' },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          y,
          yOffset,
          color: {
            field: 'score',
            type: 'nominal',
            scale: { domain: [...SCORES], range: COLORS },
            legend: { title: null, orient: 'top' },
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 3, fontSize: 9, color: INK.text },
        encoding: { x, y, yOffset, text: { field: 'value', type: 'quantitative', format: '.3f' } },
      },
    ],
    config: STYLE,
  }
  const [worst, best] = [byF1[0], byF1.at(-1)]
  const said = (one: ClassScores | undefined): string =>
    `${one?.f1.toFixed(3)} (${one?.name}, ${one?.support} examples)`
  return plotted({
    spec,
    rows: classes.map(({ name, precision, recall, f1, support }) => ({ class: name, precision, recall, f1, support })),
    alt:
      classes.length === 1
        ? `Scores of one class: F1 ${said(worst)}.`
        : `Precision, recall and F1 of ${classes.length} classes: F1 from ${said(worst)} to ${said(best)}.`,
  })
}
