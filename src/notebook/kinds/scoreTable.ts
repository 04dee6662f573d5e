import { type MetricInterval, methodText } from '../../metrics/uncertainty/index.ts'
import type { Block } from '../../report/document.ts'
import { isShare, percent, value } from '../../report/format.ts'
import { metricName } from '../../report/readable.ts'

/** A score, and how sure it is where that was measured. */
export interface TabledScore {
  readonly name: string
  readonly value: number
  readonly interval?: MetricInterval
}

/** Scores with their intervals, shares in percent. */
export function scoreTable(caption: string, scores: readonly TabledScore[]): Extract<Block, { kind: 'table' }> {
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'score' },
      { title: 'value', kind: 'number' },
      { title: '95% interval', kind: 'number' },
      { title: 'by' },
    ],
    rows: scores.map(({ name, value: own, interval }) => {
      const written = (number: number): string => (isShare(name) ? percent(number) : value(number))
      const isKnown = interval !== undefined && !('reason' in interval)
      return [
        metricName(name),
        written(own),
        ...(isKnown ? [`${written(interval.low)} to ${written(interval.high)}`, methodText(interval)] : ['', '']),
      ]
    }),
  }
}
