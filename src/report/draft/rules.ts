import type { WorkId } from './works.ts'

/** An optimiser as it is written up: its name, the work behind it, and its rule; g is the gradient, θ the parameters, η the learning rate. */
export interface Rule {
  readonly name: string
  readonly work: WorkId
  readonly tex: string
  /** What the letters are that are not told elsewhere. */
  readonly letters: string
}

/** What a setting changes in a rule, where it is set. */
export interface Variant {
  readonly setting: string
  /** Kinds of optimisers whose rule is told without it. */
  readonly kinds: readonly string[]
  readonly says: string
  readonly work?: WorkId
}

/** Weight decay is in the rules of AdamW and Lion; elsewhere it is an L2 penalty. */
export const VARIANTS: readonly Variant[] = [
  {
    ...{ setting: 'weightDecay', kinds: ['sgd', 'adam', 'nadam', 'radam', 'rmsProp', 'adagrad', 'adadelta'] },
    says: 'With weight decay $\\lambda$ the step begins with $g \\leftarrow g + \\lambda \\theta$',
  },
  {
    ...{ setting: 'nesterov', kinds: ['sgd'], work: 'sutskever2013' },
    says: 'With Nesterov’s momentum the step ends with $\\theta \\leftarrow \\theta - \\eta (g + \\mu v)$',
  },
  {
    ...{ setting: 'centered', kinds: ['rmsProp'] },
    says: 'Where it is centred, the square of a running mean of $g$ is taken off $s$ under the root',
  },
  {
    ...{ setting: 'lrDecay', kinds: ['adagrad'] },
    says: 'With a decay $d$ of the rate, that of step $t$ is $\\eta / (1 + (t - 1) d)$',
  },
]

const MOMENTS = 'm \\leftarrow \\beta_1 m + (1-\\beta_1) g, \\quad v \\leftarrow \\beta_2 v + (1-\\beta_2) g^2'
const BOTH = '$m$ and $v$ are running means of the gradient and of its square, $t$ counts the steps'

/** By the kinds of manifests. As in Assay's own docstrings, which follow PyTorch. */
export const OPTIMIZERS: Readonly<Record<string, Rule>> = {
  sgd: {
    ...{ name: 'stochastic gradient descent', work: 'robbins1951' },
    tex: 'v \\leftarrow \\mu v + g, \\quad \\theta \\leftarrow \\theta - \\eta v',
    letters: '$\\mu$ is the momentum (zero where none is set)',
  },
  adam: {
    ...{ name: 'Adam', work: 'kingma2015' },
    tex: `${MOMENTS}, \\quad \\theta \\leftarrow \\theta - \\eta \\frac{m / (1-\\beta_1^t)}{\\sqrt{v / (1-\\beta_2^t)} + \\varepsilon}`,
    letters: BOTH,
  },
  adamW: {
    ...{ name: 'AdamW', work: 'loshchilov2019' },
    tex: `${MOMENTS}, \\quad \\theta \\leftarrow (1 - \\eta \\lambda) \\theta - \\eta \\frac{m / (1-\\beta_1^t)}{\\sqrt{v / (1-\\beta_2^t)} + \\varepsilon}`,
    letters: `${BOTH}, $\\lambda$ is the weight decay`,
  },
  nadam: {
    ...{ name: 'NAdam', work: 'dozat2016' },
    tex: `${MOMENTS}, \\quad \\theta \\leftarrow \\theta - \\eta \\frac{\\frac{1-\\mu_t}{1-\\prod_{i \\le t} \\mu_i} g + \\frac{\\mu_{t+1}}{1-\\prod_{i \\le t+1} \\mu_i} m}{\\sqrt{v / (1-\\beta_2^t)} + \\varepsilon}`,
    letters: `${BOTH}, and $\\mu_t$ warms up to $\\beta_1$`,
  },
  radam: {
    ...{ name: 'RAdam', work: 'liu2020' },
    tex: `${MOMENTS}, \\quad \\theta \\leftarrow \\theta - \\eta r_t \\frac{m / (1-\\beta_1^t)}{\\sqrt{v / (1-\\beta_2^t)} + \\varepsilon}`,
    letters: `${BOTH}; $r_t$ rectifies the step, and while the variance of $v$ is not known the step follows $m$ alone`,
  },
  rmsProp: {
    ...{ name: 'RMSProp', work: 'tieleman2012' },
    tex: 's \\leftarrow \\alpha s + (1-\\alpha) g^2, \\quad v \\leftarrow \\mu v + \\frac{g}{\\sqrt{s} + \\varepsilon}, \\quad \\theta \\leftarrow \\theta - \\eta v',
    letters: '$s$ is a running mean of the squared gradient, $\\mu$ the momentum (zero where none is set)',
  },
  adagrad: {
    ...{ name: 'Adagrad', work: 'duchi2011' },
    tex: 's \\leftarrow s + g^2, \\quad \\theta \\leftarrow \\theta - \\eta \\frac{g}{\\sqrt{s} + \\varepsilon}',
    letters: '$s$ sums the squared gradients',
  },
  adadelta: {
    ...{ name: 'Adadelta', work: 'zeiler2012' },
    tex: 's \\leftarrow \\rho s + (1-\\rho) g^2, \\quad \\delta = \\frac{\\sqrt{d + \\varepsilon}}{\\sqrt{s + \\varepsilon}} g, \\quad d \\leftarrow \\rho d + (1-\\rho) \\delta^2, \\quad \\theta \\leftarrow \\theta - \\eta \\delta',
    letters: '$s$ and $d$ are running means of the squared gradients and of the squared steps',
  },
  lion: {
    ...{ name: 'Lion', work: 'chen2023' },
    tex: '\\theta \\leftarrow (1 - \\eta \\lambda) \\theta - \\eta \\, \\mathrm{sign}(\\beta_1 m + (1-\\beta_1) g), \\quad m \\leftarrow \\beta_2 m + (1-\\beta_2) g',
    letters: '$m$ is a running mean of the gradient, $\\lambda$ the weight decay',
  },
}

/** A loss as it is written up. */
export interface LossFormula {
  readonly name: string
  readonly tex: string
  readonly letters: string
}

/** By the kinds of manifests. */
export const LOSSES: Readonly<Record<string, LossFormula>> = {
  crossEntropy: {
    name: 'cross-entropy',
    tex: 'L = -\\frac{1}{N} \\sum_{n=1}^{N} \\log \\frac{\\exp z_{n, y_n}}{\\sum_{k} \\exp z_{n,k}}',
    letters: '$z_n$ are the outputs (logits) for sample $n$ of a batch of $N$, and $y_n$ is its class',
  },
  bce: {
    name: 'binary cross-entropy',
    tex: 'L = -\\frac{1}{N} \\sum_{n=1}^{N} \\left( y_n \\log \\sigma(z_n) + (1 - y_n) \\log (1 - \\sigma(z_n)) \\right)',
    letters: '$z_n$ is an output (logit), $y_n$ its target between zero and one, and $\\sigma$ the logistic function',
  },
  mse: {
    name: 'mean squared error',
    tex: 'L = \\frac{1}{N} \\sum_{n=1}^{N} (\\hat{y}_n - y_n)^2',
    letters: '$\\hat{y}_n$ is an output and $y_n$ its target',
  },
}

/** What a Gaussian latent layer adds to the loss of a batch, for each sample. */
export const DIVERGENCE =
  '\\beta \\, \\frac{1}{2} \\sum_j \\left( \\mu_j^2 + \\sigma_j^2 - \\log \\sigma_j^2 - 1 \\right)'

/** Schedules by their kinds; one that does nothing is none. */
export const SCHEDULES: Readonly<Record<string, { readonly name: string; readonly work?: WorkId }>> = {
  cosine: { name: 'falls along half a cosine', work: 'loshchilov2017' },
  cosineWarmRestarts: { name: 'falls along cosines with warm restarts', work: 'loshchilov2017' },
  oneCycle: { name: 'rises and falls in one cycle', work: 'smith2019' },
  stepDecay: { name: 'falls in equal steps' },
  multiStep: { name: 'falls at set epochs' },
  exponential: { name: 'falls exponentially' },
  polynomial: { name: 'falls along a polynomial' },
  warmup: { name: 'is warmed up' },
  reduceOnPlateau: { name: 'is lowered where the validation score stands still' },
}

/** Layers whose papers are cited, by their kinds. */
export const LAYERS: readonly (readonly [kind: RegExp, name: string, work: WorkId])[] = [
  [/^BatchNorm/, 'batch normalisation', 'ioffe2015'],
  [/^Dropout/, 'dropout', 'srivastava2014'],
  [/^GaussianLatent/, 'a Gaussian latent layer with the reparameterisation trick', 'kingma2014'],
]

/** Networks whose papers are cited, by what is in the name of an experiment. */
export const NETWORKS: readonly (readonly [name: RegExp, family: string, work: WorkId])[] = [
  [/le-?net/i, 'LeNet', 'lecun1998'],
  [/alex-?net/i, 'AlexNet', 'krizhevsky2012'],
  [/vgg/i, 'VGG', 'simonyan2015'],
  [/res-?net/i, 'ResNet', 'he2016'],
]

/** Data sets that Assay knows by their kinds: the work they come from, and their licence. */
export const DATA_SETS: Readonly<
  Record<string, { readonly name: string; readonly work: WorkId; readonly from: string; readonly licence: string }>
> = {
  mnist: {
    ...{ name: 'MNIST', work: 'lecun1998', from: 'Y. LeCun, C. Cortes, C. J. C. Burges' },
    licence: 'CC BY-SA 3.0',
  },
  fashionMnist: { name: 'FashionMNIST', work: 'xiao2017', from: 'Zalando Research', licence: 'MIT' },
  cifar10: {
    ...{ name: 'CIFAR-10', work: 'krizhevsky2009', from: 'A. Krizhevsky, V. Nair, G. Hinton' },
    licence: 'none is stated; its authors ask for a citation',
  },
}
