import {
  binary,
  describeGolden,
  given,
  number,
  numbers,
  pair,
  reduction,
  type Translation,
  type Translations,
  unary,
} from '../../testing/goldenOps.ts'
import * as ops from './index.ts'

type Attributes = Parameters<Translation>[1]
type Value = Attributes[string] | undefined

function oneOf<Choice extends string>(value: Value, ...choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new Error(`${value} is none of ${choices.join(', ')}`)
  return found
}

const geometry = ({ stride, padding, dilation, groups }: Attributes) => ({
  stride: number(stride),
  padding: number(padding),
  dilation: number(dilation),
  groups: number(groups),
})
const parameters = ([, weight, bias]: Parameters<Translation>[0]) => ({
  ...(weight && { weight }),
  ...(bias && { bias }),
})

const convTranspose =
  (op: typeof ops.convTranspose1d | typeof ops.convTranspose2d): Translation =>
  ([x, weight, bias], { outputPadding, ...rest }) =>
    op(given(x), given(weight), { ...geometry(rest), outputPadding: number(outputPadding), ...(bias && { bias }) })

const translations: Translations = {
  softplus: unary(ops.softplus),
  silu: unary(ops.silu),
  reciprocal: unary(ops.reciprocal),
  square: unary(ops.square),
  floor: unary(ops.floor),
  ceil: unary(ops.ceil),
  round: unary(ops.round),
  elu: ([x], { alpha }) => ops.elu(given(x), number(alpha)),
  logSumExp: ([x], attributes) => ops.logSumExp(given(x), reduction(attributes)),
  min: ([x], attributes) => ops.reduceMin(given(x), reduction(attributes)),
  prod: ([x], attributes) => ops.reduceProd(given(x), reduction(attributes)),
  norm: ([x], { p, ...rest }) => ops.norm(given(x), { ...reduction(rest), p: p === 'inf' ? Infinity : Number(p) }),
  convTranspose2d: convTranspose(ops.convTranspose2d),
  convTranspose1d: convTranspose(ops.convTranspose1d),
  conv1d: ([x, weight, bias], attributes) =>
    ops.conv1d(given(x), given(weight), { ...geometry(attributes), ...(bias && { bias }) }),
  maxPool1d: ([x], { kernel, stride, padding }) =>
    ops.maxPool1d(given(x), number(kernel), { stride: number(stride), padding: number(padding) }),
  avgPool1d: ([x], { kernel, stride, padding }) =>
    ops.avgPool1d(given(x), number(kernel), { stride: number(stride), padding: number(padding) }),
  layerNorm: (inputs, { axes }) => ops.layerNorm(given(inputs[0]), { axes: number(axes), ...parameters(inputs) }),
  groupNorm: (inputs, { groups }) => ops.groupNorm(given(inputs[0]), number(groups), parameters(inputs)),
  instanceNorm: (inputs) => ops.instanceNorm(given(inputs[0]), parameters(inputs)),
  embedding: binary(ops.embedding),
  gatherElements: ([x, indices], { axis }) => ops.gatherElements(given(x), given(indices), number(axis)),
  scatterElements: ([x, indices, updates], { axis }) =>
    ops.scatterElements(given(x), given(indices), given(updates), number(axis)),
  scatterAdd: ([x, indices, values]) =>
    ops.add(given(x), ops.scatterAdd(given(values), given(indices), given(x).shape)),
  cumSum: ([x], { axis }) => ops.cumSum(given(x), { axis: number(axis) }),
  topK: ([x], { axis, k, largest }) =>
    ops.topK(given(x), number(k), { axis: number(axis), largest: largest === true }).values,
  sort: ([x], { axis, descending }) => ops.sort(given(x), { axis: number(axis), descending: descending === true }),
  padMode: ([x], { before, after, mode }) =>
    ops.pad(given(x), {
      before: numbers(before),
      after: numbers(after),
      mode: oneOf(mode, 'reflect', 'edge', 'circular'),
    }),
  flip: ([x], { axes }) => ops.flip(given(x), numbers(axes)),
  tile: ([x], { repeats }) => ops.tile(given(x), numbers(repeats)),
  repeat: ([x], { count, axis }) => ops.repeat(given(x), number(count), number(axis)),
  stack: ([a, b], { axis }) => ops.stack([given(a), given(b)], number(axis)),
  resize: ([x], { size, scale, mode }) =>
    ops.resize(given(x), {
      ...(size !== undefined && { size: pair(size) }),
      ...(scale !== undefined && { scale: pair(scale) }),
      mode: oneOf(mode, 'nearest', 'bilinear'),
    }),
  einsum: (inputs, { equation }) => ops.einsum(String(equation), ...inputs),
}

describeGolden('more-ops', translations)
