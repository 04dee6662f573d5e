import { describe, expect, expectTypeOf, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { linear, relu, sequential } from '../../nn/index.ts'
import { adam, sgd } from '../../optim/index.ts'
import { classify } from '../../testing/experiments.ts'
import { differences } from '../../train/index.ts'
import { sobol } from '../samplers/index.ts'
import { branch, choice, float, int, logFloat } from '../space/index.ts'
import { checkSearch, probesOf } from './check.ts'
import { describeSearch } from './describe.ts'
import { isSearch, type SearchOptions, search } from './search.ts'

const tuned = search({
  name: 'tuned',
  space: {
    hidden: choice([[8], [16, 8]]),
    optimizer: branch({ adam: { lr: logFloat(1e-4, 1e-1) }, sgd: { lr: logFloat(1e-3, 1), momentum: float(0, 0.9) } }),
    batchSize: int(8, 32, { step: 8 }),
  },
  constraints: [
    {
      holds: ({ hidden, batchSize }) => hidden.length === 1 || batchSize < 32,
      why: 'large batches are for small networks',
    },
  ],
  experiment: ({ hidden, optimizer, batchSize }) =>
    classify.with({
      model: sequential(...hidden.flatMap((units) => [linear(units), relu()]), linear(3)),
      optimizer:
        optimizer.kind === 'adam'
          ? adam({ lr: optimizer.lr })
          : sgd({ lr: optimizer.lr, momentum: optimizer.momentum }),
      batchSize,
    }),
})
const one = { hidden: [16, 8], optimizer: { kind: 'sgd', lr: 0.1, momentum: 0.5 }, batchSize: 16 } as const

describe('a search', () => {
  it('knows the type of its configurations, branches included', () => {
    type Config = Parameters<typeof tuned.experimentOf>[0]
    expectTypeOf<Config['hidden']>().toEqualTypeOf<readonly [8] | readonly [16, 8]>()
    expectTypeOf<Config['optimizer']['kind']>().toEqualTypeOf<'adam' | 'sgd'>()
    expectTypeOf<Config['batchSize']>().toEqualTypeOf<number>()
    // @ts-expect-error a branch without its parameters
    expect(() => tuned.experimentOf({ ...one, optimizer: { kind: 'sgd' } })).toThrow()
  })

  it('makes the experiment of a configuration', () => {
    const { batchSize, optimizer } = tuned.experimentOf(one)
    expect([batchSize, optimizer.kind, optimizer.lr]).toEqual([16, 'sgd', 0.1])
  })

  it('sets settings of one experiment by their paths', () => {
    const paths = search({
      name: 'paths',
      space: { 'optimizer.lr': logFloat(1e-4, 1), 'model.2.p': float(0, 0.5) },
      experiment: classify,
    })
    const of = paths.experimentOf({ 'optimizer.lr': 0.5, 'model.2.p': 0.25 })
    expect(of.optimizer.lr).toBe(0.5)
    expect(of.model.children?.['2']?.config).toMatchObject({ p: 0.25 })
    const wrong = search({ name: 'wrong', space: { 'optimizer.rate': float(0, 1) }, experiment: classify })
    expect(() => wrong.experimentOf({ 'optimizer.rate': 0.5 })).toThrow(
      'search wrong: the experiment of {"optimizer.rate":0.5}',
    )
    const throwing = (): never => {
      throw new Error('no such rate')
    }
    const own = search({ name: 'own', space: { rate: float(0, 1) }, experiment: throwing })
    expect(() => own.experimentOf({ rate: 0.5 })).toThrow(
      new UsageError('search own: the experiment of {"rate":0.5}: no such rate'),
    )
  })

  it('tells what it is as plain data, experiments of some configurations included', () => {
    const text = JSON.stringify(describeSearch(tuned))
    expect(JSON.parse(text)).toMatchObject({
      ...{ name: 'tuned', objective: 'validation.loss', seeds: [0], seed: 0 },
      ...{ sampler: { kind: 'tpe' }, pruner: { kind: 'none' } },
      space: { constraints: ['large batches are for small networks'] },
    })
    expect(Object.keys(JSON.parse(text).experiments).length).toBeGreaterThan(4)
    expect(describeSearch(tuned)).toEqual(describeSearch(tuned))
    const changed = differences(describeSearch(tuned), describeSearch(tuned.with({ sampler: sobol() })))
    expect(changed.map(({ path }) => path)).toContain('sampler.kind')
  })

  it('looks at experiments that fulfil its constraints alone', () => {
    for (const { experiment } of probesOf(tuned))
      expect(Object.keys(experiment.model.children ?? {}).length === 3 || experiment.batchSize < 32).toBe(true)
    expect(isSearch(tuned)).toBe(true)
    expect(isSearch(classify)).toBe(false)
  })

  it('is for what the metric is for', () => {
    expect(checkSearch(tuned)).toBe('minimize')
    const of = (objective: string) =>
      search({ name: 'x', space: { batchSize: int(8, 16) }, experiment: classify, objective })
    expect(checkSearch(of('validation.accuracy'))).toBe('maximize')
    expect(() => checkSearch(of('validation.recall'))).toThrow(
      'objective "validation.recall" is no score of the experiment, which has validation.loss, validation.accuracy',
    )
  })
})

describe('what is wrong with a search is told before anything is trained', () => {
  const options = { name: 'x', space: { batchSize: int(8, 16) }, experiment: classify }
  it.each<
    [Partial<Record<keyof SearchOptions<(typeof options)['space']>, unknown>> & { readonly epochs?: number }, string]
  >([
    [{ epochs: 3 }, 'search: no option "epochs"; the options are name, space'],
    [{ name: 'a b' }, 'name'],
    [{ trials: 0 }, 'trials'],
    [{ seeds: [] }, 'seeds'],
    [{ objective: 'test.accuracy' }, 'the test split is for one look at the end, not for choosing'],
    [{ objective: 'accuracy' }, `give a score on the held-out samples, as in 'validation.loss'`],
    [{ sampler: sobol }, 'search: "sampler" is a function; call it: give one, as in tpe()'],
    [{ pruner: 'median' }, 'search: "pruner" is string: give one, as in medianPruner()'],
    [{ crossValidation: { folds: 3 } }, 'search: "crossValidation" is object: give folds'],
    [{ experiment: undefined }, 'search: "experiment" is missing'],
    [{ space: {} }, 'there are no parameters'],
  ])('%j', (more, message) => {
    expect(() => Reflect.apply(search, undefined, [{ ...options, ...more }])).toThrow(message)
  })

  it('an experiment that holds nothing out, or is none', () => {
    const of = (experiment: unknown) => Reflect.apply(search, undefined, [{ ...options, experiment }])
    expect(() => checkSearch(of(classify.with({ split: { validation: 0 } })))).toThrow(
      'holds no samples out to choose by: give it split: { validation: 0.2 }, or the search crossValidation',
    )
    expect(() => checkSearch(of(() => 3))).toThrow('it is 3, and no experiment')
  })
})
