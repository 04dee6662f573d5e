import { describe, expect, it } from 'vitest'
import { arrays, kFold, timeOrdered } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { accuracy } from '../metrics/index.ts'
import { crossEntropy, linear, relu, residual, sequential } from '../nn/index.ts'
import { adam } from '../optim/index.ts'
import { classify } from '../testing/experiments.ts'
import { clouds } from '../testing/made.ts'
import { describe as describeExperiment } from './describe.ts'
import { experiment, isExperiment, prepare } from './index.ts'

const least = {
  name: 'least',
  data: clouds(),
  model: linear(3),
  loss: crossEntropy(),
  optimizer: adam(),
  epochs: 1,
}

describe('experiment', () => {
  it('fills in what is left out', () => {
    const { split, prepare, batchSize, seeds, metrics } = experiment(least)
    expect({ split, prepare, batchSize, seeds, metrics }).toEqual({
      split: { validation: 0 },
      prepare: [],
      batchSize: 64,
      seeds: [0],
      metrics: [],
    })
    expect(isExperiment(experiment(least))).toBe(true)
    expect(isExperiment(least)).toBe(false)
  })

  it('is a value: with makes another', () => {
    const before = experiment(least)
    expect(before.with({ batchSize: 5000 }).batchSize).toBe(5000)
    expect(before.batchSize).toBe(64)
    expect(() => before.with({ batchSize: 0 })).toThrow(/^experiment: batchSize is 0: .*>=1$/)
  })

  // What only types forbid: an experiment file need not have been through a type checker.
  const loosely = (changes: object) => () => Reflect.apply(experiment, undefined, [{ ...least, ...changes }])
  it.each([
    [
      'a name with a slash',
      { name: 'a/b' },
      /^experiment: name is "a\/b": use letters, digits, dots, dashes and underscores only$/,
    ],
    ['no epochs', { epochs: undefined }, /^experiment: epochs is undefined/],
    ['half an epoch', { epochs: 0.5 }, /^experiment: epochs is 0.5: .*int/],
    ['no seeds', { seeds: [] }, /^experiment: seeds is \[\]: /],
    ['a negative seed', { seeds: [0, -1] }, /^experiment: seeds\.1 is -1: .*>=0$/],
    ['a negative validation split', { split: { validation: -1 } }, /^experiment: split\.validation is -1: .*>=0$/],
    [
      'an unknown option of the split',
      { split: { validation: 0, test: 3 } },
      /^experiment: split has no option "test"; the options are validation, stratify, seed$/,
    ],
    [
      'an unknown option',
      { batchsize: 5 },
      /^experiment: no option "batchsize"; the options are name, data, .*batchSize/,
    ],
    ['no model', { model: undefined }, /^experiment: "model" is missing: give one, as in sequential\(/],
    ['a layer that was not called', { model: relu }, /^experiment: "model" is a function; call it: give one, as in/],
    [
      'a loss that was not called',
      { loss: crossEntropy },
      /^experiment: "loss" is a function; call it: .*crossEntropy\(\)$/,
    ],
    ['a loss by name', { loss: 'mse' }, /^experiment: "loss" is mse: /],
    ['no data', { data: undefined }, /^experiment: "data" is missing: .*mnist\(\)$/],
    [
      'an optimizer that was not called',
      { optimizer: adam },
      /^experiment: "optimizer" is a function; call it: .*adam\(/,
    ],
    [
      'a metric that was not called',
      { metrics: [accuracy] },
      /^experiment: "metrics\.0" is a function; call it: .*accuracy\(\)$/,
    ],
    ['a callback with no hook', { callbacks: [{ onEpcoh: () => {} }] }, /^experiment: "callbacks\.0" is .*onEpoch/],
    [
      'one transform and no list',
      { prepare: accuracy },
      /^experiment: "prepare" is a function; call it: .*\[standardize\(\)\]$/,
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(loosely(changes)).toThrow(UsageError)
    expect(loosely(changes)).toThrow(message)
  })
})

describe('a split that is a strategy', () => {
  const data = arrays({
    name: 'made',
    inputs: { data: new Float32Array(8), shape: [1] },
    targets: { task: 'classification', labels: [0, 1, 0, 1, 0, 1, 0, 1], classes: ['a', 'b'] },
  })
  const timed = experiment({ ...least, data, split: timeOrdered({ validation: 2 }) })

  it('goes into the description, and its options can be set', () => {
    expect(describeExperiment(timed).split).toEqual({ kind: 'timeOrdered', validation: 2 })
    expect(timed.set('split.validation', 3).split).toMatchObject({ kind: 'timeOrdered', config: { validation: 3 } })
    expect(() => timed.set('split.stratify', true)).toThrow(
      'timeOrdered: no option "stratify"; the options are by, validation',
    )
    expect(timed.set('split', { validation: 4 }).split).toEqual({ validation: 4 })
  })

  it('divides the training data', async () => {
    const { train, validation } = await prepare(timed.with({ model: linear(2) }))
    expect([[...train.indices], [...validation.indices]]).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7],
    ])
    const folds = kFold({ folds: 4 })
    const fold = await prepare(timed.with({ model: linear(2), split: folds.fold(3) }))
    expect(fold.validation.indices).toEqual(folds.divide(fold.train.dataset)[3]?.validation)
  })

  it('is one division', () => {
    expect(() => Reflect.apply(experiment, undefined, [{ ...least, split: kFold({ folds: 4 }) }])).toThrow(
      'experiment: "split" is kFold(): give one, as in kFold(…).fold(0)',
    )
  })
})

describe('set', () => {
  it('replaces one setting named by its path', () => {
    expect(classify.set('optimizer.lr', 0.5).optimizer).toMatchObject({ lr: 0.5, config: { lr: 0.5 } })
    expect(classify.set('model.2.p', 0.7).model.children?.['2']?.config).toEqual({ p: 0.7 })
    expect(classify.set('model.3.outFeatures', 5).model.children?.['3']?.config).toEqual({ outFeatures: 5, bias: true })
    expect(classify.set('split.validation', 0.5).split).toEqual({ validation: 0.5 })
    expect(classify.set('split.seed', 3).split).toEqual({ validation: 0.2, seed: 3 })
    expect(classify.set('split', { validation: 4 }).split).toEqual({ validation: 4 })
    expect(classify.set('loss.labelSmoothing', 0.1).loss.config).toEqual({ labelSmoothing: 0.1 })
    expect(classify.set('batchSize', 8).batchSize).toBe(8)
    expect(classify.set('epochs', 8).epochs).toBe(8)
    expect(classify.set('seeds', 8).seeds).toEqual([8])
    expect(classify.set('seeds', [1, 2]).seeds).toEqual([1, 2])
    expect(classify.set('name', 'other').name).toBe('other')
  })

  it('leaves everything else, and reaches into blocks', () => {
    const changed = classify.set('model.2.p', 0.7)
    expect(changed.model.children?.['0']).toBe(classify.model.children?.['0'])
    expect(classify.model.children?.['2']?.config).toEqual({ p: 0.2 })
    expect({ ...changed, model: 0, with: 0, set: 0 }).toEqual({ ...classify, model: 0, with: 0, set: 0 })
    const deep = classify.with({ model: sequential(residual(sequential({ wide: linear(2) })), linear(3)) })
    const inner = deep.set('model.0.body.wide.bias', false).model.children?.['0']?.children?.body
    expect(inner?.children?.wide?.config).toEqual({ outFeatures: 2, bias: false })
  })

  it('keeps settings made before', () => {
    const twice = classify
      .set('optimizer.lr', 0.5)
      .set('optimizer.beta1', 0.5)
      .set('model.2.p', 0.1)
      .set('model.0.outFeatures', 9)
    expect(twice.optimizer.config).toMatchObject({ lr: 0.5, beta1: 0.5 })
    expect(twice.model.children?.['2']?.config).toEqual({ p: 0.1 })
    expect(twice.model.children?.['0']?.config).toMatchObject({ outFeatures: 9 })
  })

  it.each([
    [
      'lr',
      1,
      /^--set lr: an experiment has no "lr" to set; it has batchSize, epochs, .*model, regularizers, .*earlyStopping, record$/,
    ],
    ['optimizer', 1, /^--set optimizer: name one of its options, as in optimizer\.lr$/],
    ['optimizer.momentum', 0.9, /^adam: no option "momentum"; the options are lr, beta1/],
    ['optimizer.lr', 'fast', /^adam: lr is "fast": .*number/],
    ['optimizer.lr.x', 1, /^--set optimizer\.lr\.x: name one of its options/],
    ['model', 1, /^--set model: Sequential has no ""; it has 0, 1, 2, 3$/],
    ['model.2', 0.5, /^--set model\.2: Dropout has no ""; it has p$/],
    ['model.7.p', 0.5, /^--set model\.7\.p: Sequential has no "7"; it has 0, 1, 2, 3$/],
    ['model.2.rate', 0.5, /^dropout: no option "rate"; the options are p$/],
    ['model.2.p', 1.5, /^dropout: p is 1.5: .*<1$/],
    ['model.2.p.x', 0.5, /^--set model\.2\.p\.x: Dropout has no "p\.x"; it has p$/],
    ['model.1.slope', 0.5, /^--set model\.1\.slope: ReLU has no "slope"; it has nothing to set$/],
    ['split.validation', 'many', /^--set split\.validation: validation is "many"/],
    ['split.test', 5, /^--set split\.test: no option "test"; the options are validation, stratify, seed$/],
    ['batchSize', '8', /^--set batchSize: batchSize is a number$/],
    ['batchSize', 0, /^experiment: batchSize is 0/],
    ['batchSize.x', 8, /^--set batchSize\.x: batchSize is a number$/],
    ['seeds', ['a'], /^--set seeds: 0 is "a"/],
    ['seeds.0', 3, /^--set seeds\.0: seeds is one list/],
    ['name.first', 'x', /^--set name\.first: name is a text$/],
    ['loss.weight', 2, /^crossEntropy: no option "weight"; the options are labelSmoothing$/],
    ['loss.labelSmoothing.x', 2, /^--set loss\.labelSmoothing\.x: crossEntropy has no such option$/],
  ])('%s = %s is refused by name', (path, value, message) => {
    expect(() => classify.set(path, value)).toThrow(UsageError)
    expect(() => classify.set(path, value)).toThrow(message)
  })
})
