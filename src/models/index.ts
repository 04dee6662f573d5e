/**
 * Known networks, each a function of a page that builds it from layers.
 *
 * @module
 */
export { type AlexNetSmallOptions, alexNetSmall } from './alexNetSmall.ts'
export {
  type AutoencoderOptions,
  autoencoder,
  type VariationalAutoencoderOptions,
  variationalAutoencoder,
} from './autoencoder.ts'
export { type ConvNetOptions, convNet } from './convNet.ts'
export { type ConvNet1dOptions, convNet1d } from './convNet1d.ts'
export { type LeNet5Options, leNet5 } from './leNet5.ts'
export { type MlpOptions, mlp } from './mlp.ts'
export { type ResNetOptions, resNet18, resNet34 } from './resNet.ts'
export { type Vgg11Options, vgg11 } from './vgg11.ts'
