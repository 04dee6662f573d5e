import { describe, expect, it } from 'vitest'
import type { Targets } from '../../data/index.ts'
import { type AskedStrategy, parseStrategy, strategyFor } from './strategy.ts'

const classes: Targets = { task: 'classification', labels: new Int32Array(4), classes: ['a', 'b'] }
const values: Targets = { task: 'regression', values: new Float32Array(4), shape: [1] }

describe('--strategy', () => {
  it.each<readonly [string, AskedStrategy]>([
    ['kFold', { kind: 'kFold' }],
    ['stratified,repeated=3', { kind: 'stratified', times: 3 }],
    ['repeated=2', { times: 2 }],
    ['repeated=2, grouped=patient', { kind: 'grouped', by: 'patient', times: 2 }],
    ['grouped=a=b', { kind: 'grouped', by: 'a=b' }],
    ['time', { kind: 'time' }],
    ['time=date', { kind: 'time', by: 'date' }],
  ])('reads %s', (text, asked) => {
    expect(parseStrategy(text)).toEqual(asked)
  })

  it.each([
    ['', 'there is no ""'],
    ['kfold', 'there is no "kfold"'],
    ['kFold=5', 'there is no "kFold=5"'],
    ['kFold,stratified', 'kFold and stratified are two ways to divide'],
    ['grouped', 'grouped needs a column'],
    ['time=', 'time= needs a column'],
    ['repeated', 'repeated needs a whole number'],
    ['repeated=', 'repeated needs a whole number'],
    ['repeated=1.5', 'repeated needs a whole number'],
    ['repeated=2,repeated=3', 'repeated is there twice'],
  ])('refuses "%s"', (text, why) => {
    expect(() => parseStrategy(text)).toThrow(`--strategy ${text}: ${why}; write kFold, stratified, grouped=COLUMN`)
  })

  it.each([
    [{}, classes, 'stratifiedKFold', { folds: 3 }],
    [{}, values, 'kFold', { folds: 3 }],
    [{ kind: 'kFold' }, classes, 'kFold', { folds: 3 }],
    [{ kind: 'grouped', by: 'g' }, values, 'groupedKFold', { folds: 3, by: 'g' }],
    [{ kind: 'time', by: 't' }, values, 'expandingWindow', { folds: 3, by: 't' }],
    [{ times: 2 }, classes, 'repeated', { of: { kind: 'stratifiedKFold', folds: 3 }, times: 2 }],
  ] as const)('of %j is the strategy that fits the data', (asked, targets, kind, config) => {
    expect(strategyFor(asked, 3, { targets })).toMatchObject({ kind, config })
  })

  it('does not repeat what has no chance in it', () => {
    expect(() => strategyFor({ kind: 'time', times: 2 }, 3, { targets: values })).toThrow(
      'folds in time have no chance',
    )
  })
})
