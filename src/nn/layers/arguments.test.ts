import { expect, it } from 'vitest'
import { conv2d, linear, maxPool2d } from './index.ts'

// PyTorch's order of arguments, from files that no type checker has seen.
it.each<[() => unknown, RegExp]>([
  // @ts-expect-error options are a record
  [() => linear(784, 128), /^linear: 128 is no record of options: give the size that comes out alone/],
  // @ts-expect-error options are a record
  [() => conv2d(1, 16, 3), /^conv2d: 3 is no record of options: give channels that come out and kernel/],
  // @ts-expect-error options are a record
  [() => maxPool2d(2, 2), /^maxPool2d: 2 is no record of options: as in maxPool2d\(3, \{ stride: 2, padding: 1 \}\)/],
])('sizes that come in are refused, not passed over: %s', (make, message) => {
  expect(make).toThrow(message)
})
