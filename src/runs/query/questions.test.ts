import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import type { Manifest } from '../manifest.ts'
import { writePredictions } from '../predictions.ts'
import { queryRuns } from './query.ts'
import { views } from './views.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/guide/queries.md'), 'utf8')
const questions = [...page.matchAll(/^### \d+\. (.*)$[^`]*```sql\n([\s\S]*?)```/gm)].map(
  ([, title = '', sql = '']) => [title, sql] as const,
)

interface Made {
  readonly id: string
  readonly name: string
  readonly seed: number
  readonly lr: number
  /** Accuracy after each epoch on the validation split. */
  readonly validation: readonly number[]
  readonly test: number
  /** Predicted classes of six samples, whose labels are 0, 0, 1, 1, 2, 2. */
  readonly predicted: readonly number[]
  readonly changes?: Partial<Manifest>
}

const LABELS = [0, 0, 1, 1, 2, 2]
const made: readonly Made[] = [
  { id: 'a0', name: 'a', seed: 0, lr: 0.1, validation: [0.9, 0.7], test: 0.75, predicted: [0, 1, 1, 1, 2, 2] },
  { id: 'a1', name: 'a', seed: 1, lr: 0.1, validation: [0.5, 0.8], test: 0.25, predicted: [0, 1, 1, 2, 2, 2] },
  {
    ...{ id: 'b0', name: 'b', seed: 0, lr: 0.1, validation: [0.5, 0.6], test: 0.5, predicted: [0, 2, 1, 1, 2, 0] },
    changes: { code: { commit: '0123456789abcdef', dirty: 'c0ffee00', file: 'b.ts' } },
  },
  {
    ...{ id: 'b1', name: 'b', seed: 0, lr: 0.01, validation: [0.5, 0.7], test: 1, predicted: [0, 1, 1, 1, 2, 2] },
    changes: { code: { file: 'b.ts' } },
  },
]

let root = ''
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-questions-'))
  for (const run of made) await write(run)
  // Two that did not finish.
  const begun = [recordOf(1, 'train', 'loss', Number.NaN)]
  const { finishedAt: _, ...stopped } = finishedManifest('c0', { name: 'c', status: 'interrupted' })
  writeRunFolder(root, stopped, begun)
  const failed = { name: 'c', status: 'failed', error: 'the loss is NaN', diverged: true } as const
  writeRunFolder(root, finishedManifest('c1', failed), begun)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function write({ id, name, seed, lr, validation, test, predicted, changes }: Made): Promise<void> {
  const manifest = finishedManifest(id, {
    ...{ name, seed, experiment: { name, optimizer: { kind: 'sgd', lr }, seeds: [0, 1] } },
    data: { ...finishedManifest(id).data, classes: ['cat', 'dog', 'emu'] },
    ...changes,
  })
  const folder = writeRunFolder(root, manifest, [
    ...validation.flatMap((accuracy, i) => [
      recordOf(i + 1, 'validation', 'accuracy', accuracy),
      recordOf(i + 1, 'validation', 'loss', 1 - accuracy),
    ]),
    recordOf(validation.length, 'test', 'accuracy', test),
  ])
  await writePredictions(join(folder, 'predictions.parquet'), {
    ...{ task: 'classification', classCount: 3, index: Int32Array.from(LABELS, (_, i) => i) },
    ...{ label: Int32Array.from(LABELS), predicted: Int32Array.from(predicted) },
    probabilities: Float32Array.from(predicted.flatMap((c) => [0, 1, 2].map((k) => (k === c ? 0.5 : 0.25)))),
  })
}

const answers: readonly (readonly (readonly unknown[])[])[] = [
  [
    ['a', 'a1', 0.8, 0.25],
    ['b', 'b1', 0.7, 1],
  ],
  [
    ['a', 0.1, 2, 0.5],
    ['b', 0.01, 1, 1],
    ['b', 0.1, 1, 0.5],
  ],
  [['a', expect.stringMatching(/^a-/), 2, 0.5, Math.sqrt(0.125), 0.25, 0.75]],
  [[1, 0, [1, 2], 0.5]],
  [
    ['cat', 'dog', 3, 3],
    ['cat', 'emu', 1, 1],
    ['dog', 'emu', 1, 1],
    ['emu', 'cat', 1, 1],
  ],
  [
    ['a0', 1, 2, expect.closeTo(0.1), expect.closeTo(0.3), expect.closeTo(0.2)],
    ...['a1', 'b0', 'b1'].map((id) => [id, 2, 2, expect.any(Number), expect.any(Number), 0]),
  ],
  [
    ['a', 'test', 2, 2, 2.5],
    ['b', 'test', 2, 2, 2.5],
    ['c', 'test', 2, 2, 2.5],
  ],
  [
    ['b0', 'b.ts', '0123456789ab'],
    ['b1', 'b.ts', null],
  ],
  [
    ['c0', 'interrupted', false, 'go on with assay resume c0'],
    ['c1', 'failed', true, 'the loss is NaN'],
  ],
  [
    ...[
      ['a0', 'cat', 2, 0.5],
      ['a0', 'dog', 2, 1],
      ['a0', 'emu', 2, 1],
    ],
    ...[
      ['a1', 'cat', 2, 0.5],
      ['a1', 'dog', 2, 0.5],
      ['a1', 'emu', 2, 1],
    ],
    ...[
      ['b0', 'cat', 2, 0.5],
      ['b0', 'emu', 2, 0.5],
      ['b0', 'dog', 2, 1],
    ],
    ...[
      ['b1', 'cat', 2, 0.5],
      ['b1', 'dog', 2, 1],
      ['b1', 'emu', 2, 1],
    ],
  ],
]

describe('the guide', () => {
  it('has ten questions', () => expect(questions).toHaveLength(10))

  it.each(questions)('%s', async (title, sql) => {
    const { rows, leftOut } = await queryRuns(root, sql)
    expect(leftOut).toEqual([])
    expect(rows).toEqual(answers[questions.findIndex(([one]) => one === title)])
  })

  it('has a table with a column for each rate', async () => {
    const [, sql = ''] = questions[1] ?? []
    const [, pivot = ''] = /`(PIVOT \(…\)[^`]*)`/.exec(page) ?? []
    const { columns, rows } = await queryRuns(root, `${pivot.replace('…', sql)} ORDER BY name`)
    expect(columns.map(({ name }) => name)).toEqual(['name', '0.1', '0.01', '0.001'])
    expect(rows).toEqual([
      ['a', 0.5, null, null],
      ['b', 0.5, 1, null],
    ])
  })

  it('lists every column of every view', () => {
    for (const { name, columns } of views) {
      expect(page).toContain(`### ${name}\n`)
      for (const column of columns)
        expect(page).toContain(`| \`${column.name}\` | ${column.type} | ${column.meaning.replaceAll('|', '\\|')} |`)
    }
  })
})
