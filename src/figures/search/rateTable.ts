import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import type { Axis, Searched } from '../../search/index.ts'
import { levelAt, levelsOf, unitOf, valueAt } from '../../search/space/index.ts'
import { type Figure, INK, plotted, type Row, STYLE, titled } from '../figure.ts'
import { shortNumber, valueText } from './parameters.ts'
import { bestFirst, goalText, type ValueOptions, valued, valueScale } from './values.ts'

export interface RateTableOptions extends ValueOptions {
  /** Path of the parameter that the columns are of; default the first that is called `lr`. */
  readonly rate?: string
}

/** Parts that a range is cut into. */
const RATE_PARTS = 6
const PARTS = 4

/** Whether a parameter is a learning rate, by its name: `lr`, `optimizer.lr`, `optimizer/adam/learningRate`. */
export const isRate = ({ path, parameter }: Axis): boolean =>
  parameter.kind === 'float' && /(^|[./])(lr|learningrate|rate)$/i.test(path)

/**
 * A table of the learning rate against every other parameter: in each cell the median of the complete trials with both in that part of their ranges (a trial that
 * diverged would drown a mean), how many they are, and a colour (brighter is better). Ranges are cut into equal parts of the space's own scale. Cells without
 * a trial are empty; those with few also differ by what else their trials had.
 *
 * @throws UsageError when no trial is complete, or there is no such parameter
 *
 * @example
 * rateTable(await readStudy('studies/mlp'), { rate: 'optimizer/adam/lr' })
 */
export function rateTable(
  { space: { axes }, trials, direction }: Searched,
  { value: name = 'value', rate = axes.find(isRate)?.path }: RateTableOptions = {},
): Figure {
  const index = axes.findIndex(({ path }) => path === rate)
  const axis = axes[index]
  if (axis === undefined)
    throw new UsageError(
      `the space has no parameter ${rate ?? 'called lr'}: give one of ${axes.map(({ path }) => path).join(', ')}`,
    )
  const complete = valued(trials).filter(({ point }) => point[index] !== undefined)
  const rates = partsOf(axis, RATE_PARTS)
  const columns = rates.texts
  const others = axes.flatMap((other, i) =>
    i === index || axis.path.startsWith(`${other.path}/`)
      ? []
      : [{ path: other.path, at: i, parts: partsOf(other, PARTS) }],
  )
  const judged = complete.map((trial) => ({ ...trial, column: rates.indexOf(trial.point[index] ?? 0) }))
  const { low, high } = valueScale(
    judged.map(({ value }) => value),
    direction,
  )
  const cells = others.flatMap(({ path, at, parts }) => {
    return parts.texts.flatMap((part, row) =>
      columns.map((column, c) => {
        const own = judged.filter(({ point, column: of }) => {
          const value = point[at]
          return of === c && value !== undefined && parts.indexOf(value) === row
        })
        const median = own.length === 0 ? null : medianOf(own.map(({ value }) => value))
        return { parameter: path, setting: part, rate: column, median, trials: own.length }
      }),
    )
  })
  const shown = others.filter(({ path }) => cells.some((cell) => cell.parameter === path && cell.trials > 0))
  const limit = direction === 'maximize' ? low + 0.45 * (high - low) : high - 0.45 * (high - low)
  const isBright = `datum.median ${direction === 'maximize' ? '>=' : '<='} ${limit}`
  const panel = ({ path, parts }: (typeof others)[number], isLast: boolean) => {
    const position = {
      x: {
        field: 'rate',
        type: 'nominal' as const,
        sort: [...columns],
        scale: { domain: [...columns] },
        axis: isLast
          ? {
              title: axis.path,
              labelAngle: 0,
              ticks: false,
              domain: false,
              labelExpr: "split(replace(datum.label, ' to ', '|to '), '|')",
            }
          : null,
      },
      y: {
        field: 'setting',
        type: 'nominal' as const,
        sort: [...parts.texts],
        axis: {
          title: path.split('/'),
          titleAngle: 0,
          titleAlign: 'left' as const,
          titleX: -210,
          labelLimit: 110,
          ticks: false,
          domain: false,
        },
      },
    }
    const words = (test: string, color: string) => ({
      transform: [{ filter: `datum.median !== null && ${test}` }],
      mark: { type: 'text' as const, fontSize: 10, color },
      encoding: { ...position, text: { field: 'words', type: 'nominal' as const } },
    })
    return {
      transform: [{ filter: { field: 'parameter', equal: path } }],
      width: { step: 84 },
      height: { step: 22 },
      layer: [
        {
          mark: { type: 'rect' as const, stroke: INK.grid, fill: INK.grid, fillOpacity: 0 },
          encoding: position,
        },
        {
          transform: [{ filter: 'datum.median !== null' }],
          mark: { type: 'rect' as const },
          encoding: {
            ...position,
            color: {
              field: 'median',
              type: 'quantitative' as const,
              scale: {
                scheme: 'viridis' as const,
                reverse: direction === 'minimize',
                ...(low < high && { domain: [low, high], clamp: true }),
              },
              legend:
                low < high
                  ? {
                      title: ['median', name, goalText(direction)],
                      gradientLength: 120,
                      format: '.3~g',
                      titleLimit: 160,
                    }
                  : null,
            },
          },
        },
        words(`!(${isBright})`, 'white'),
        words(isBright, 'black'),
      ],
    }
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(
      `${name} by ${axis.path} and every other parameter`,
      'median of the trials of a cell, and how many they are',
    ),
    data: {
      values: cells.map((cell) => ({
        ...cell,
        words: cell.median === null ? '' : `${shortNumber(cell.median)} (${cell.trials})`,
      })),
    },
    vconcat: shown.map((other, i) => panel(other, i === shown.length - 1)),
    spacing: 8,
    config: STYLE,
  }
  const byColumn = columns.map((column, c) => ({ column, own: judged.filter((trial) => trial.column === c) }))
  const said = byColumn
    .filter(({ own }) => own.length > 0)
    .map(({ column, own }) => `${shortNumber(bestFirst(own, direction)[0]?.value ?? Number.NaN)} at ${column}`)
  const alt = `Median ${name} by ${axis.path} (${columns.length} parts of its range) and the values of ${shown.length} other parameters, ${goalText(direction)}. The best trial of each part has ${said.join(', ')}.`
  return plotted({ spec, rows: cells.filter(({ trials: count }) => count > 0).map((cell): Row => ({ ...cell })), alt })
}

/** More levels than that are put together. */
const MOST_LEVELS = 8

/** The parts that a parameter's range is cut into, or its values. */
interface Parts {
  /** No two alike. */
  readonly texts: readonly string[]
  indexOf(value: number): number
}

function partsOf({ parameter }: Axis, count: number): Parts {
  const levels = levelsOf(parameter)
  if (levels !== undefined && (parameter.kind === 'choice' || levels <= MOST_LEVELS)) {
    const values = Array.from({ length: levels }, (_, k) => levelAt(parameter, k))
    return {
      texts: values.map((value, k) =>
        parameter.kind === 'choice' ? choiceText(parameter, k) : valueText(parameter, value),
      ),
      indexOf: (value) => values.indexOf(value),
    }
  }
  const indexOf = (value: number): number => Math.min(count - 1, Math.floor(unitOf(parameter, value) * count))
  const edges = Array.from({ length: count + 1 }, (_, i) => valueAt(parameter, i / count))
  if (parameter.kind === 'int') {
    const { step, high } = parameter
    // An edge may lie within a value's cell, whose middle then says where it belongs.
    const firsts = edges.map((edge, i) => (i === count ? high + step : indexOf(edge) < i ? edge + step : edge))
    const texts = firsts.slice(0, count).map((first, i) => {
      const last = (firsts[i + 1] ?? high) - step
      return first >= last ? String(first) : `${first} to ${last}`
    })
    return { texts, indexOf }
  }
  const written = [2, 3, 4, 6, 8].map((digits) => edges.map((edge) => shortNumber(Number(edge.toPrecision(digits)))))
  const texts = written.find((own) => new Set(own).size === own.length) ?? edges.map(String)
  return { texts: texts.slice(0, count).map((text, i) => `${text} to ${texts[i + 1]}`), indexOf }
}

/** Cut texts of two values may be the same. */
function choiceText(parameter: Axis['parameter'], k: number): string {
  const texts = Array.from({ length: levelsOf(parameter) ?? 0 }, (_, i) => valueText(parameter, i))
  const text = texts[k] ?? ''
  return texts.indexOf(text) === texts.lastIndexOf(text) ? text : `${text} (${k + 1})`
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  return ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2
}
