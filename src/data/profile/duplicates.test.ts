import { expect, it } from 'vitest'
import { findDuplicates } from './duplicates.ts'

it('tells samples of the same hash apart where they are not the same', () => {
  const contents = ['a', 'b', 'a', 'c', 'b', 'b']
  const split = (name: string, own: readonly string[]) => ({
    hashes: own.map(() => 1),
    target: () => '',
    nameOf: (sample: number) => `${name} ${sample}`,
  })
  const isSame = (one: number, other: number): boolean => contents[one] === contents[other]
  expect(findDuplicates(split('train', contents.slice(0, 4)), split('test', contents.slice(4)), isSame)).toEqual({
    withinTrain: 1,
    withinTest: 1,
    between: 2,
    conflicting: 0,
    examples: ['train 0 = train 2', 'train 1 = test 0 = test 1'],
  })
})
