import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import '../index.ts'
import { encodeTable, fromTable, groupedHoldOut, impute, Table } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { crossEntropy, linear } from '../nn/index.ts'
import { adam } from '../optim/index.ts'
import { finishedManifest } from '../testing/runFolder.ts'
import { experiment, prepare } from '../train/index.ts'
import { execute, openRun, prepareRun, readDivision, readEncoding, requireOwnData } from './index.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-data-'))
})
afterAll(() => rm(root, { recursive: true }))

const people = Table.of(
  {
    patient: ['p1', 'p1', 'p2', 'p2', 'p3', 'p3', 'p4', 'p4', 'p5', 'p5'],
    age: [20, 21, null, 42, 60, 61, 33, 34, 70, 71],
    sex: ['f', 'f', 'm', 'm', 'f', 'f', 'm', 'm', 'f', 'f'],
    ill: ['no', 'no', 'no', 'yes', 'yes', 'yes', 'no', null, 'yes', 'no'],
  },
  'people',
)
const ill = experiment({
  name: 'ill',
  data: fromTable(people, { target: 'ill', columns: ['patient'], dropMissing: ['ill'] }),
  split: groupedHoldOut({ by: 'patient', validation: 0.4 }),
  prepare: [impute()],
  model: linear(2),
  loss: crossEntropy(),
  optimizer: adam(),
  epochs: 1,
})

it('a run keeps its division, its encoding and what was left out', async () => {
  const prepared = await prepare(ill)
  const { id, folder } = await execute(ill, prepared, { root, seed: 0 })
  const run = await openRun(root, id)

  const { train, validation, fingerprint } = await readDivision(run)
  expect({ train, validation }).toEqual({ train: prepared.train.indices, validation: prepared.validation.indices })
  expect(fingerprint).toBe(run.manifest.data.fingerprint.train)
  const again = await prepareRun(ill, run)
  expect(again.transforms.map(({ state }) => state)).toEqual(prepared.transforms.map(({ state }) => state))
  // The run's division counts, not what the experiment would divide now.
  const other = await prepareRun(ill.with({ split: { validation: 0 } }), run)
  expect(other.validation.indices).toEqual(validation)

  expect(JSON.parse(await readFile(join(folder, 'left-out.json'), 'utf8'))).toEqual([
    { item: 'row 8 of people', reason: 'ill is missing' },
  ])
  expect(run.manifest.data.leftOut).toBe(1)
  expect(run.manifest.experiment).toMatchObject({
    split: { kind: 'groupedHoldOut', by: 'patient', validation: 0.4 },
    data: { kind: 'fromTable', target: 'ill', columns: ['patient'] },
  })

  const encoding = await readEncoding(run)
  const fresh = Table.of({ sex: ['m'], age: [50], ill: ['yes'] })
  expect([...encodeTable(fresh, encoding).inputs.data]).toEqual([50, 0, 1])

  const changed = ill.with({
    data: fromTable(people.head(9), { target: 'ill', columns: ['patient'], dropMissing: ['ill'] }),
  })
  await expect(prepareRun(changed, run)).rejects.toThrow(/^people holds other training data than the division is of \(/)
})

it('says what is wrong with a division', async () => {
  const damaged = async (split: unknown) => {
    await writeFile(join(root, 'split.json'), typeof split === 'string' ? split : JSON.stringify(split))
    return readDivision({ folder: root })
  }
  const whole = { fingerprint: 'a', samples: 3, train: '0-1', validation: '2' }
  expect((await damaged(whole)).validation).toEqual(Uint32Array.of(2))
  await expect(damaged({ ...whole, validation: '1-2' })).rejects.toThrow(
    'split.json is damaged: sample 1 is in it twice',
  )
  await expect(damaged({ ...whole, validation: '2-3' })).rejects.toThrow('sample 3 is beyond the 3 that there are')
  await expect(damaged({ ...whole, train: undefined })).rejects.toThrow('split.json is damaged (')
  await expect(damaged('{')).rejects.toThrow('split.json is damaged (it is not JSON)')
  await expect(readEncoding({ folder: root })).rejects.toThrow('encoding.json is not there')
})

it('refuses data that have changed since the run', () => {
  const manifest = finishedManifest('run-1', {})
  const { train, test } = manifest.data.fingerprint
  const run = { id: 'run-1', manifest }
  requireOwnData(run, { train: { fingerprint: train }, test: { fingerprint: test } })
  const changed = () => requireOwnData(run, { train: { fingerprint: train }, test: { fingerprint: 'changed' } })
  expect(changed).toThrow(UsageError)
  expect(changed).toThrow('the test data are others than those of run run-1 (changed in place of')
  const other = () => requireOwnData(run, { train: { fingerprint: 'x' }, test: { fingerprint: test } })
  expect(other).toThrow('the training data are others')
})
