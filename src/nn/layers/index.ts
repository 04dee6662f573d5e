export {
  elu,
  gelu,
  leakyRelu,
  logSoftmax,
  mish,
  prelu,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  tanh,
} from './activations.ts'
export { adaptiveAvgPool2d } from './adaptivePooling.ts'
export { type Conv2dOptions, conv2d } from './convolution.ts'
export { type Conv1dLayerOptions, conv1d } from './convolution1d.ts'
export { type ConvTranspose2dOptions, convTranspose2d } from './convolutionTranspose.ts'
export { dropout, dropout1d, dropout2d } from './dropout.ts'
export { embedding } from './embedding.ts'
export { type FeatureNormLayerOptions, groupNorm, layerNorm } from './featureNormalization.ts'
export { flatten, identity } from './flatten.ts'
export { type GaussianLatentOptions, gaussianDivergence, gaussianLatent } from './gaussianLatent.ts'
export { type LinearOptions, linear } from './linear.ts'
export { type BatchNormOptions, batchNorm1d, batchNorm2d } from './normalization.ts'
export { zeroPad2d } from './padding.ts'
export { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d, type Pool2dOptions } from './pooling.ts'
export { avgPool1d, globalAvgPool1d, maxPool1d, type Pool1dLayerOptions } from './pooling1d.ts'
export { type ResidualOptions, residual } from './residual.ts'
export { isLayer, sequential } from './sequential.ts'
export { unflatten } from './unflatten.ts'
export { type UpsampleOptions, upsample } from './upsample.ts'
