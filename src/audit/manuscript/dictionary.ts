/** Names of one field of a manifest, as prose writes them. */
export type Field = 'model' | 'optimizer' | 'loss' | 'activation' | 'data'

/** A name of the field's, its spellings, and what manifests call it. */
export interface Term {
  readonly field: Field
  /** As it is written. */
  readonly name: string
  /** What finds it in prose. */
  readonly pattern: RegExp
  /** Kinds of manifests that are it; of models parts of names of experiments. None: Assay has it not. */
  readonly kinds: readonly string[]
}

const term = (field: Field, name: string, pattern: string, kinds: readonly string[], flags = 'gi'): Term => ({
  ...{ field, name, kinds },
  pattern: new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${pattern})(?![\\p{L}\\p{N}_]|-\\p{L})`, `u${flags}`),
})

/** Names that are words too ("Adam", "momentum") are found in their own case alone. */
const exact = (field: Field, name: string, pattern: string, kinds: readonly string[]): Term =>
  term(field, name, pattern, kinds, 'g')

/**
 * The field's names that prose and manifests share. Momentum, Nesterov and schedules are settings, not names; families such as "MLP" and
 * "CNN" are left out, because any network of an experiment may be one.
 */
export const TERMS: readonly Term[] = [
  exact('optimizer', 'Adam', 'Adam|ADAM|adam', ['adam']),
  exact('optimizer', 'AdamW', 'Adam-?W|adamW', ['adamW']),
  exact('optimizer', 'NAdam', 'N-?[Aa]dam|nadam', ['nadam']),
  exact('optimizer', 'RAdam', 'R-?[Aa]dam|radam', ['radam']),
  exact('optimizer', 'Adamax', 'Ada-?[Mm]ax', []),
  term('optimizer', 'SGD', 'SGD|stochastic gradient descent', ['sgd']),
  term('optimizer', 'RMSProp', 'RMS-?prop', ['rmsProp']),
  term('optimizer', 'Adagrad', 'Ada-?grad', ['adagrad']),
  term('optimizer', 'Adadelta', 'Ada-?delta', ['adadelta']),
  exact('optimizer', 'Lion', 'Lion', ['lion']),
  term('optimizer', 'L-BFGS', 'L-?BFGS', []),
  term('loss', 'cross-entropy', 'cross[ -]entropy', ['crossEntropy', 'bce']),
  term('loss', 'binary cross-entropy', 'binary cross[ -]entropy|BCE', ['bce']),
  exact('loss', 'mean squared error', 'MSE(?: loss)|(?:mean|Mean) squared error loss', ['mse']),
  term('loss', 'hinge loss', 'hinge loss', []),
  term('loss', 'Huber loss', 'Huber loss|smooth L1 loss', []),
  term('loss', 'focal loss', 'focal loss', []),
  term('activation', 'ReLU', 'ReLUs?', ['ReLU']),
  term('activation', 'LeakyReLU', 'Leaky[ -]?ReLUs?', ['LeakyReLU']),
  exact('activation', 'ELU', 'ELUs?', ['ELU']),
  exact('activation', 'SELU', 'SELUs?', ['SELU']),
  exact('activation', 'GELU', 'GELUs?', ['GELU']),
  exact('activation', 'SiLU', 'SiLU|Swish|swish', ['SiLU']),
  term('activation', 'tanh', 'tanh|hyperbolic tangent', ['Tanh']),
  term('activation', 'sigmoid', 'sigmoids?', ['Sigmoid']),
  exact('activation', 'Mish', 'Mish', ['Mish']),
  term('data', 'MNIST', 'MNIST', ['mnist']),
  term('data', 'FashionMNIST', 'Fashion[ -]?MNIST', ['fashionMnist']),
  exact('data', 'KMNIST', 'KMNIST|Kuzushiji-MNIST', []),
  exact('data', 'EMNIST', 'EMNIST', []),
  term('data', 'CIFAR-10', 'CIFAR-?10', ['cifar10']),
  term('data', 'CIFAR-100', 'CIFAR-?100', []),
  term('data', 'SVHN', 'SVHN', []),
  term('data', 'ImageNet', '(?:Tiny[ -]?)?ImageNet', []),
  term('model', 'LeNet', 'LeNet(?:-?[15])?', ['lenet']),
  term('model', 'AlexNet', 'AlexNet', ['alexnet']),
  term('model', 'VGG', 'VGG(?:-?(?:11|13|16|19))?', ['vgg']),
  ...[18, 34, 50, 101, 152].map((layers) => term('model', `ResNet${layers}`, `ResNet-?${layers}`, [`resnet${layers}`])),
  term('model', 'DenseNet', 'DenseNet(?:-?\\d+)?', ['densenet']),
  term('model', 'GoogLeNet', 'GoogLeNet|Inception(?:-?v\\d)?', ['googlenet', 'inception']),
  term('model', 'MobileNet', 'MobileNet(?:-?v\\d)?', ['mobilenet']),
  term('model', 'EfficientNet', 'EfficientNet(?:-?B\\d)?', ['efficientnet']),
  term('model', 'Transformer', '(?:vision )?transformers?|ViT', ['transformer', 'vit']),
]
