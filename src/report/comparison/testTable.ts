import type { Comparison, MetricComparison, PairTest } from '../../compare/index.ts'
import type { NotedTable } from './tables.ts'
import { pText, type Writing } from './writing.ts'

/** Tests of every pair, metric by metric; where there is no verdict, a mark leads to the reason. */
export function testTable({ groups, metrics, pairing, level }: Comparison, format: Writing): NotedTable {
  const notes: string[] = []
  const label = (id: string): string => groups.find((group) => group.id === id)?.label ?? id
  const rows = metrics.flatMap((comparison) =>
    comparison.tests.map((test, i) => {
      const verdict = verdictOf(test, comparison, label)
      const own = notesOf(test, label)
      for (const note of own) if (!notes.includes(note)) notes.push(note)
      const marked = [verdict, ...own.map((note) => `[${notes.indexOf(note) + 1}]`)].join(' ')
      const name = [i === 0 ? comparison.metric : '', `${label(test.a)} − ${label(test.b)}`]
      return [...name, ...numbersOf(test, comparison.metric, format), marked]
    }),
  )
  const all = metrics.flatMap(({ tests }) => tests)
  const against =
    pairing === 'all' ? '' : `Each group against ${label(pairing.baseline)}${becauseOf(pairing.because)}. `
  return {
    ...{ kind: 'table', name: 'tests', notes, rows },
    caption: `${against}${explained(all)}`,
    columns: [
      { title: 'metric' },
      { title: 'pair' },
      { title: 'difference', kind: 'number' },
      { title: `${level * 100}% interval`, kind: 'number' },
      { title: 'test', kind: 'word' },
      { title: 'p', kind: 'number' },
      { title: 'p (Holm)', kind: 'number' },
      { title: 'verdict' },
    ],
  }
}

/** How the baseline came to be it. */
function becauseOf(because: Exclude<Comparison['pairing'], 'all'>['because']): string {
  if (because === 'asked') return ''
  return because === 'first'
    ? ', the first, as none has a validation score; choose another with --baseline'
    : `, the best by ${because.validation} on the validation split; choose another with --baseline`
}

function numbersOf(test: PairTest, metric: string, format: Writing): string[] {
  if (test.kind === 'none') return ['', '', '', '', '']
  const { estimate, low, high, method } = test.difference
  // Differences of equal values need not be equal to the last bit.
  const isSame = high - low <= 1e-9 * Math.max(1, Math.abs(estimate))
  const difference = [
    format.difference(metric, estimate),
    isSame
      ? `the same in all ${test.difference.over}`
      : `${format.difference(metric, low)} to ${format.difference(metric, high)}`,
  ]
  if (test.kind === 'interval') return [...difference, method, '', '']
  if (test.kind === 'silent') return [...difference, test.test, '–', '–']
  return [...difference, test.test, pText(test.p), pText(test.corrected)]
}

function verdictOf(test: PairTest, { goal }: MetricComparison, label: (id: string) => string): string {
  if (test.kind === 'none') return 'not tested'
  if (test.kind === 'silent') return 'cannot tell'
  // A correction that nothing could have passed says nothing.
  if (!test.differs && test.kind === 'tested' && test.caution !== undefined) return 'cannot tell'
  if (!test.differs) return 'no difference shown'
  const isFirst = goal === 'max' ? test.difference.estimate > 0 : test.difference.estimate < 0
  const better = label(isFirst ? test.a : test.b)
  return test.difference.over === 'seeds' ? `${better} is better` : `the run of ${better} is better`
}

function notesOf(test: PairTest, label: (id: string) => string): string[] {
  const why = test.kind === 'tested' || test.kind === 'interval' ? test.caution : test.reason
  const seeds = test.without?.map(({ group, seed, reason }) => `seed ${seed} of ${label(group)} (${reason})`)
  return [...(why === undefined ? [] : [why]), ...(seeds === undefined ? [] : [`without ${seeds.join(', ')}`])]
}

/** What the tests that are there ask. */
function explained(tests: readonly PairTest[]): string {
  const kinds = new Set(tests.map((test) => (test.kind === 'tested' || test.kind === 'silent' ? test.test : test.kind)))
  return [
    'p-values are corrected by Holm for the tests of one metric; which metric counts should be settled before looking.',
    kinds.has('paired permutation') &&
      'Paired permutation: runs with the same seed are pairs; the interval is Student’s, and supposes that differences are normally distributed, which the test does not.',
    kinds.has('McNemar') &&
      'McNemar: the examples that one of two models alone got right; it knows nothing of the spread between seeds.',
    kinds.has('DeLong') &&
      'DeLong: areas under ROC curves over the same examples; it knows nothing of the spread between seeds.',
    kinds.has('interval') &&
      'BCa bootstrap: no test, but the interval of the difference over the same resampled examples; for the verdict 0 must lie outside it stretched for the number of such pairs of the metric (Bonferroni).',
  ]
    .filter((part) => part !== false)
    .join(' ')
}
