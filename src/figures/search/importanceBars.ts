import type { TopLevelSpec } from 'vega-lite'
import type { Importance } from '../../search/index.ts'
import { type Figure, INK, PALETTE, plotted, type Row, STYLE, titled } from '../figure.ts'

/** Pairs that are shown, of those that do more than a parameter that does nothing. */
const MOST_PAIRS = 5
const PANELS = [
  { way: 'fANOVA', axis: 'share of the variance over the space' },
  { way: 'permutation', axis: 'error without it, in variances' },
] as const

/**
 * How much each parameter matters: its share of the variance alone and that of the strongest pairs (fANOVA) on the left, permutation on the right, with lines
 * over 90 of 100 trees or permutations. The dashed line is what a parameter gets that does nothing.
 *
 * @param found - from `importance`, known
 *
 * @example
 * const found = importance(await readStudy('studies/mlp'))
 * if (found.kind === 'known') importanceBars(found)
 */
export function importanceBars(found: Extract<Importance, { kind: 'known' }>): Figure {
  const { parameters, pairs, floor, trials, r2 } = found
  const strong = pairs.filter(({ share }) => share.value > floor).slice(0, MOST_PAIRS)
  const rows: Row[] = [
    ...parameters.map(({ path, alone }) => ({ parameter: path, way: 'fANOVA', part: 'alone', ...alone })),
    ...strong.map(({ paths, share }) => ({ parameter: pairText(paths), way: 'fANOVA', part: 'together', ...share })),
    ...parameters.map(({ path, permuted }) => ({ parameter: path, way: 'permutation', part: 'alone', ...permuted })),
  ]
  const y = {
    field: 'parameter',
    type: 'nominal' as const,
    sort: [...new Set(rows.map(({ parameter }) => String(parameter)))],
    axis: { title: null, labelLimit: 320, ticks: false, domain: false },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Importance of the parameters', [
      `from a forest on ${trials} trials, R² ${r2.toFixed(2)} on those that its trees have not seen`,
      'dashed: what a parameter gets that does nothing',
    ]),
    data: { values: rows.map((row) => ({ ...row })) },
    hconcat: PANELS.map(({ way, axis }, i) => {
      const x = (field: string) => ({
        field,
        type: 'quantitative' as const,
        axis: { title: axis, format: '.2~f', tickCount: 5 },
        scale: { nice: true },
      })
      return {
        title: { text: way, fontSize: 12, anchor: 'start' as const },
        transform: [{ filter: { field: 'way', equal: way } }],
        width: i === 0 ? 260 : 200,
        height: { step: 24 },
        layer: [
          {
            mark: { type: 'bar' as const, size: 12 },
            encoding: {
              x: x('value'),
              y,
              color: {
                field: 'part',
                type: 'nominal' as const,
                scale: { domain: ['alone', 'together'], range: [PALETTE.blue, PALETTE.orange] },
                legend: strong.length === 0 ? null : { title: null, orient: 'top' as const, offset: 4 },
              },
            },
          },
          {
            mark: { type: 'rule' as const, strokeWidth: 1.5, color: INK.strong },
            encoding: { x: x('low'), x2: { field: 'high' }, y },
          },
          {
            data: { values: [{ at: way === 'fANOVA' ? floor : 0 }] },
            mark: { type: 'rule' as const, strokeDash: [4, 3], color: INK.line },
            encoding: { x: { ...x('at'), type: 'quantitative' as const } },
          },
        ],
      }
    }),
    config: STYLE,
  }
  const said = parameters.map(({ path, alone }) => `${path} ${percent(alone.value)}`)
  const alt = `Importance of ${parameters.length} parameters by fANOVA, alone: ${said.join(', ')}${strong.length === 0 ? '' : `; together: ${strong.map(({ paths, share }) => `${paths.join(' and ')} ${percent(share.value)}`).join(', ')}`}. A parameter that does nothing gets ${percent(floor)}.`
  return plotted({ spec, rows, alt })
}

/** Two of one branch, which is named once. */
function pairText([a, b]: readonly [string, string]): string {
  const branch = a.slice(0, a.lastIndexOf('/') + 1)
  return `${a} × ${branch !== '' && b.startsWith(branch) ? b.slice(branch.length) : b}`
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
