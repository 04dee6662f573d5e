import { settingText } from '../runs/index.ts'
import type { Comparison } from './compareGroups.ts'

/** A row of a table as numbers and text, for CSV; what does not apply is null. */
export type ComparisonRow = Readonly<Record<string, string | number | boolean | null>>

/** Tables of a comparison by name, numbers in full. */
export interface ComparisonRows {
  readonly settings: readonly ComparisonRow[]
  readonly scores: readonly ComparisonRow[]
  readonly tests: readonly ComparisonRow[]
  readonly costs: readonly ComparisonRow[]
}

const finite = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value

/**
 * The numbers of a comparison as flat rows.
 *
 * @example
 * await writeFile('scores.csv', toCsv(comparisonRows(comparison).scores))
 */
export function comparisonRows({ groups, settings, metrics, costs }: Comparison): ComparisonRows {
  const labels = new Map(groups.map(({ id, label }) => [id, label]))
  const label = (id: string): string => labels.get(id) ?? id
  return {
    settings: settings.differing.map(({ path, values }) => ({
      setting: path,
      ...Object.fromEntries(groups.map((group, i) => [group.label, settingText(values[i])])),
    })),
    scores: metrics.flatMap(({ metric, goal, scores }) =>
      scores.map((score): ComparisonRow => {
        const name = { metric, goal, group: label(score.group) }
        if (score.kind === 'missing') return { ...name, note: score.reason }
        const { interval, values, estimate, missing } = score
        const bounds =
          interval.over === 'nothing'
            ? { note: interval.reason }
            : {
                low: interval.low,
                high: interval.high,
                level: interval.level,
                over: interval.over,
                n: interval.n,
                method: interval.method,
              }
        const sd = interval.over === 'seeds' ? interval.sd : null
        return {
          ...{ ...name, estimate, sd, low: null, high: null, level: null, over: null, n: null, method: null },
          ...bounds,
          seeds: values.map(({ seed }) => seed).join(' '),
          values: values.map(({ value }) => value).join(' '),
          missing: missing.map(({ seed, reason }) => `${seed} ${reason}`).join(', '),
        }
      }),
    ),
    tests: metrics.flatMap(({ metric, tests }) =>
      tests.map((test): ComparisonRow => {
        const pair = { metric, a: label(test.a), b: label(test.b), outcome: test.kind }
        const nothing = {
          difference: null,
          low: null,
          high: null,
          over: null,
          n: null,
          method: null,
          test: null,
          p: null,
          pHolm: null,
        }
        if (test.kind === 'none') return { ...pair, ...nothing, note: test.reason }
        const { estimate: difference, low, high, over, n, method } = test.difference
        const found = { ...pair, ...nothing, ...{ difference, low, high, over, n, method } }
        if (test.kind === 'silent') return { ...found, test: test.test, note: test.reason }
        const note = test.caution ?? null
        if (test.kind === 'interval') return { ...found, note }
        return { ...found, test: test.test, p: test.p, pHolm: test.corrected, note }
      }),
    ),
    costs: costs.map(({ group, parameters, macs, training, epochs, latency }) => ({
      ...{ group: label(group), parameters, macs: finite(macs), epochs },
      trainingSeconds: finite(training?.seconds),
      trainingSecondsSd: finite(training?.sd),
      latencyMs: 'reason' in latency ? null : latency.milliseconds,
      samplesPerSecond: 'reason' in latency ? null : latency.throughput,
      batch: 'reason' in latency ? null : latency.batch,
    })),
  }
}
