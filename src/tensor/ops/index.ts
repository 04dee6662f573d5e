export { gelu, silu } from './activations.ts'
export * from './arithmetic.ts'
export { flip, repeat, split, squeeze, stack, tile, unsqueeze } from './arranging.ts'
export { cast } from './cast.ts'
export {
  clip,
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  where,
} from './comparison.ts'
export { constant, full, ones, placeholder, tensor, zeros } from './constant.ts'
export { type ConvOptions, conv2d } from './convolution.ts'
export { einsum } from './einsum.ts'
export { cumSum, gatherElements, scatterElements } from './elements.ts'
export { type FeatureNormOptions, groupNorm, instanceNorm, layerNorm } from './featureNormalization.ts'
export { embedding, gather, oneHot, scatterAdd } from './indexing.ts'
export { gemm, matmul } from './matmul.ts'
export { batchNormalization, batchNormTraining, channelAffine, channelMean, channelVariance } from './normalization.ts'
export { logSumExp, norm, reduceProd } from './norms.ts'
export {
  avgPool1d,
  type Conv1dOptions,
  conv1d,
  convTranspose1d,
  maxPool1d,
  type Padding1d,
  type Pool1dOptions,
} from './oneDimensional.ts'
export type { Operand } from './operands.ts'
export { type PadMode, type PadOptions, pad } from './padding.ts'
export { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d, type PoolOptions } from './pooling.ts'
export { argMax, type ReductionOptions, reduceMax, reduceMean, reduceMin, reduceSum } from './reduction.ts'
export { type ResizeOptions, resize } from './resize.ts'
export { expand, reshape, swapLastAxes, transpose } from './shaping.ts'
export { concat, slice } from './slicing.ts'
export { logSoftmax, softmax } from './softmax.ts'
export { argMin, argSort, type SortOptions, sort, type TopKOptions, topK } from './sorting.ts'
export { type ConvTransposeOptions, convTranspose2d } from './transposed.ts'
export {
  abs,
  ceil,
  cos,
  elu,
  erf,
  exp,
  floor,
  leakyRelu,
  log,
  neg,
  reciprocal,
  relu,
  round,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  step,
  tanh,
} from './unary.ts'
export type { Padding, Pair } from './window.ts'
