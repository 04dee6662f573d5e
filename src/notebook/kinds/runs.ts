import { trainingCurves } from '../../figures/index.ts'
import type { Block } from '../../report/document.ts'
import { measureScores } from '../../report/evaluation/scores.ts'
import { isFinitePredictions, storedPredictions } from '../../report/evaluation/stored.ts'
import { duration, percent, time, value, whole } from '../../report/format.ts'
import { executionKind } from '../../runs/execute.ts'
import { BATCH_LOSS, type Manifest, metricOf, readManifest, readMetrics, readSummary } from '../../runs/index.ts'
import { predictionsKind } from '../../runs/predictions.ts'
import { answerKind } from '../../runs/query/query.ts'
import { runKind, runListKind } from '../../runs/read.ts'
import { bundleOf, type Part } from '../bundle.ts'
import { trainedRunKind } from '../trainedRun.ts'
import { scoreTable } from './scoreTable.ts'

executionKind.show(({ folder }) => partsOf(folder).then(bundleOf))
trainedRunKind.show(({ folder }) => partsOf(folder).then(bundleOf))
runKind.show(({ folder }) => partsOf(folder).then(bundleOf))

/** What a run's folder says of it: how it ended, what it scored, and its curves. */
async function partsOf(folder: string): Promise<readonly Part[]> {
  const [manifest, records, summary, predictions] = await Promise.all([
    readManifest(folder),
    readMetrics({ folder }),
    readSummary({ folder }),
    storedPredictions(folder),
  ])
  const logged = Object.entries(summary?.test ?? {}).map(([name, { last }]) => ({ name, value: last }))
  const metrics = logged.flatMap(({ name }) => metricOf(name, manifest.experiment) ?? [])
  const canMeasure = predictions !== undefined && isFinitePredictions(predictions)
  const measured = canMeasure ? measureScores(predictions, metrics) : []
  const perEpoch = records.filter(({ name }) => name !== BATCH_LOSS)
  const isTrained = perEpoch.some(({ split }) => split === 'train' || split === 'validation')
  return [
    facts(manifest),
    ...(logged.length > 0
      ? [
          scoreTable(
            'Scores on the test split, with 95% intervals over the test samples',
            logged.map((one) => ({ ...measured.find(({ name }) => name === one.name), ...one })),
          ),
        ]
      : []),
    ...(isTrained ? [trainingCurves(perEpoch)] : []),
  ]
}

const facts = (manifest: Manifest): Extract<Block, { kind: 'facts' }> => ({
  kind: 'facts',
  caption: `Run ${manifest.id}: ${manifest.status}`,
  facts: [
    ['parameters', whole(manifest.model.parameters)],
    [
      'data',
      `${manifest.data.name}: ${whole(manifest.data.splits.train)} to train, ${whole(manifest.data.splits.validation)} to validate, ${whole(manifest.data.splits.test)} to test`,
    ],
    ['seed', String(manifest.seed)],
    ...(manifest.finishedAt === undefined
      ? []
      : [['time', duration((Date.parse(manifest.finishedAt) - Date.parse(manifest.createdAt)) / 1000)] as const]),
    ...(manifest.error === undefined ? [] : [['error', manifest.error] as const]),
  ],
})

runListKind.show(({ runs, damaged }) =>
  bundleOf([
    {
      kind: 'table',
      caption: `${whole(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}${damaged.length > 0 ? `; ${whole(damaged.length)} cannot be read` : ''}`,
      columns: [
        { title: 'run', kind: 'word' },
        { title: 'experiment' },
        { title: 'seed', kind: 'number' },
        { title: 'status' },
        { title: 'begun', kind: 'word' },
      ],
      rows: runs
        .slice(0, MOST_ROWS)
        .map(({ id, manifest }) => [
          id,
          manifest.name,
          String(manifest.seed),
          manifest.status,
          time(manifest.createdAt),
        ]),
    },
    ...(runs.length > MOST_ROWS ? [`… and ${whole(runs.length - MOST_ROWS)} more`] : []),
  ]),
)

predictionsKind.show((predictions) => {
  const { index } = predictions
  const shown = index.subarray(0, MOST_ROWS / 2)
  const more = index.length > shown.length ? [`… and ${whole(index.length - shown.length)} more`] : []
  const numbers = (...titles: readonly string[]) => titles.map((title) => ({ title, kind: 'number' as const }))
  if (predictions.task === 'regression') {
    const { targets, outputs, width } = predictions
    const row = (values: Float32Array, i: number): string =>
      [...values.subarray(i * width, (i + 1) * width)].map((number) => value(number)).join(', ')
    const rows = Array.from(shown, (position, i) => [String(position), row(targets, i), row(outputs, i)])
    return bundleOf([
      { kind: 'table', caption: 'Predictions', columns: numbers('sample', 'true', 'predicted'), rows },
      ...more,
    ])
  }
  const { label, predicted, probabilities, classCount } = predictions
  const rows = Array.from(shown, (position, i) => {
    const sure = probabilities[i * classCount + (predicted[i] ?? 0)] ?? Number.NaN
    return [String(position), String(label[i]), String(predicted[i]), percent(sure)]
  })
  const columns = numbers('sample', 'class', 'predicted', 'probability')
  return bundleOf([{ kind: 'table', caption: 'Predictions', columns, rows }, ...more])
})

/** Rows that a cell shows. */
const MOST_ROWS = 40

answerKind.show(({ columns, rows, rowCount }) =>
  bundleOf([
    {
      kind: 'table',
      caption: '',
      columns: columns.map(({ name, type }) => ({ title: name, kind: NUMBERS.test(type) ? 'number' : 'text' })),
      rows: rows.slice(0, MOST_ROWS).map((row) =>
        row.map((cell) => {
          if (cell === null) return ''
          if (typeof cell === 'number') return value(cell)
          return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
        }),
      ),
    },
    ...(rowCount > Math.min(rows.length, MOST_ROWS)
      ? [`… and ${whole(rowCount - Math.min(rows.length, MOST_ROWS))} more rows`]
      : []),
  ]),
)

const NUMBERS = /INT|FLOAT|DOUBLE|DECIMAL/
