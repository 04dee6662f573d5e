import { expect, it } from 'vitest'
import { type AuditedExperiment, factsWith } from '../../testing/audit.ts'
import { finishedManifest } from '../../testing/runFolder.ts'
import type { RunCheck } from '../check.ts'
import { auditRuns } from '../checks.ts'
import { bestOfMany } from './bestOfMany.ts'
import { differentTestData } from './differentTestData.ts'
import { lossAtChance } from './lossAtChance.ts'
import { noValidation } from './noValidation.ts'
import { oneSeed } from './oneSeed.ts'
import { softmaxTwice } from './softmaxTwice.ts'
import { unfinishedRuns } from './unfinishedRuns.ts'
import { unknownCode } from './unknownCode.ts'

const { data, code } = finishedManifest('a')
const one = (changes: Partial<AuditedExperiment> = {}): AuditedExperiment => ({
  ...{ name: 'dense', accuracy: [0.97, 0.971, 0.972] },
  ...changes,
})
const softmaxed = {
  loss: { kind: 'crossEntropy' },
  model: { kind: 'Sequential', children: { 0: { kind: 'Linear' }, 1: { kind: 'Softmax' } } },
}
const many = ['a', 'b', 'c', 'd'].map((name, i) => one({ name, accuracy: [0.9 + i / 100] }))

it.each<[string, RunCheck, readonly AuditedExperiment[], string]>([
  ['a loss at chance', lossAtChance, [one({ loss: 2.3 })], 'ended at 2.3, and guessing among 10 classes gives 2.3026'],
  ['one seed', oneSeed, [one({ accuracy: [0.97] })], 'dense was trained with one seed'],
  ['the best of many', bestOfMany, many, '4 groups were tested; the best by the test accuracy is d (93.00 %)'],
  [
    'changed code',
    unknownCode,
    [one({ manifest: { code: { ...code, dirty: 'abcdef01' } } })],
    'All 3 runs ran with changes',
  ],
  ['code without a commit', unknownCode, [one({ manifest: { code: {} } })], 'outside a git repository'],
  [
    'a run that diverged',
    unfinishedRuns,
    [one({ manifest: { status: 'failed', diverged: true, error: 'loss is NaN' } })],
    'seed 0 diverged: loss is NaN',
  ],
  ['an interrupted run', unfinishedRuns, [one({ manifest: { status: 'interrupted' } })], 'was interrupted'],
  [
    'no validation',
    noValidation,
    [one({ manifest: { data: { ...data, splits: { train: 60_000, validation: 0, test: 10_000 } } } })],
    'no validation split',
  ],
  [
    'two softmaxes',
    softmaxTwice,
    [
      one({
        manifest: {
          experiment: softmaxed,
          data: { ...data, classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] },
        },
      }),
    ],
    'cannot fall below 1.461',
  ],
  [
    'other test data',
    differentTestData,
    [one(), one({ name: 'other', manifest: { data: { ...data, fingerprint: { train: 'a1', test: 'ffff' } } } })],
    '2 different sets of samples',
  ],
])('finds %s', (_, check, experiments, saw) => {
  const [finding] = check.find(factsWith(experiments))
  expect(finding?.saw).toContain(saw)
  expect(finding?.where).toMatch(/-s\d$/)
})

it('finds nothing in three seeds with a validation split and a commit', () => {
  expect(auditRuns(factsWith([one(), one({ name: 'lenet' })]))).toEqual([])
})

it('puts the worst first', () => {
  const severities = auditRuns(
    factsWith([one({ accuracy: [0.97], manifest: { experiment: softmaxed, code: {} } })]),
  ).map(({ severity }) => severity)
  expect(severities).toEqual(['error', 'warning', 'note'])
})
