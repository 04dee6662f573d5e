import { describe, expect, it } from 'vitest'
import '../index.ts'
import type { FittedTransform, Transform } from '../data/index.ts'
import * as data from '../data/index.ts'
import { standardize } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { classify } from '../testing/experiments.ts'
import { prepare } from './index.ts'

/** What standardize() learns in an experiment: the only way to a fitted transform. */
async function fittedOn(validation: number): Promise<FittedTransform> {
  const { transforms } = await prepare(classify.with({ split: { validation } }))
  const [fitted] = transforms
  if (fitted === undefined) throw new Error('the experiment prepares its data')
  return fitted
}

describe('a transform that was fitted before the split', () => {
  it('cannot be made: nothing that a program can get hold of is training samples', async () => {
    const { train } = await classify.data.load()
    // @ts-expect-error a data set is no training split
    expect(() => standardize().fit(train)).toThrow(UsageError)
    // @ts-expect-error nor is an object that looks like one
    const made: Parameters<Transform['fit']>[0] = {
      name: '',
      length: 1,
      shape: [2],
      dtype: 'float32',
      blocks: async function* () {},
    }
    expect(() => standardize().fit(made)).toThrow(
      'standardize learns from the training split alone, which the trainer gives it: list it under "prepare"',
    )
    // The class is given out as a type: its constructor would make training samples of anything.
    expect(Object.keys(data)).not.toContain('TrainingSamples')
    expect(Object.keys(data)).not.toContain('fitTransforms')
  })

  it('cannot be put where one that is still to be fitted belongs', async () => {
    const fitted = await fittedOn(0)
    // @ts-expect-error it has nothing to fit
    expect(() => classify.with({ prepare: [fitted] })).toThrow(
      'experiment: "prepare.0" is what standardize() has learnt already, and from which samples nobody knows: give one, as in standardize()',
    )
  })

  it('is found out behind a fit of its own', async () => {
    const fittedOnAll = await fittedOn(0)
    const leaking: Transform = { ...standardize(), fit: () => fittedOnAll }
    await expect(prepare(classify.with({ prepare: [leaking] }))).rejects.toThrow(
      'prepare.0, standardize, gives what it learnt from 90 other samples of clouds',
    )
    // The same split is the same samples: nothing has leaked.
    const same: Transform = { ...standardize(), fit: async () => fittedOnAll }
    await prepare(classify.with({ split: { validation: 0 }, prepare: [same] }))
  })
})
