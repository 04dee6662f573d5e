/**
 * Sources that read files, which only Node can; pages get their arrays from a server and use `arrays`.
 *
 * @module
 */
export { type Cifar10Options, cifar10 } from './sources/cifar10.ts'
export { type FashionMnistOptions, fashionMnist } from './sources/fashionMnist.ts'
export { type MnistOptions, mnist } from './sources/mnist.ts'
