/** A work as the front matter lists it: names are `Family, Given`. */
export interface Work {
  readonly id: string
  readonly type: string
  readonly title: string
  readonly author: readonly string[]
  readonly year: number
  readonly containerTitle?: string
  readonly volume?: string
  readonly issue?: string
  readonly page?: string
  readonly publisher?: string
  readonly doi?: string
  readonly url?: string
}

const article = { type: 'article-journal' } as const
const paper = { type: 'paper-conference' } as const
const ICLR = 'International Conference on Learning Representations'

/** Works behind what Assay can train: optimisers, networks, layers, data sets, statistics. */
export const WORKS = {
  robbins1951: {
    ...{
      ...article,
      title: 'A stochastic approximation method',
      author: ['Robbins, Herbert', 'Monro, Sutton'],
      year: 1951,
    },
    ...{ containerTitle: 'The Annals of Mathematical Statistics', volume: '22', issue: '3', page: '400–407' },
  },
  sutskever2013: {
    ...{ ...paper, title: 'On the importance of initialization and momentum in deep learning', year: 2013 },
    author: ['Sutskever, Ilya', 'Martens, James', 'Dahl, George', 'Hinton, Geoffrey'],
    ...{ containerTitle: 'Proceedings of the 30th International Conference on Machine Learning', page: '1139–1147' },
  },
  kingma2015: {
    ...{ ...paper, title: 'Adam: a method for stochastic optimization', author: ['Kingma, Diederik P.', 'Ba, Jimmy'] },
    ...{ year: 2015, containerTitle: ICLR, url: 'https://arxiv.org/abs/1412.6980' },
  },
  loshchilov2019: {
    ...{ ...paper, title: 'Decoupled weight decay regularization', author: ['Loshchilov, Ilya', 'Hutter, Frank'] },
    ...{ year: 2019, containerTitle: ICLR, url: 'https://arxiv.org/abs/1711.05101' },
  },
  dozat2016: {
    ...{ ...paper, title: 'Incorporating Nesterov momentum into Adam', author: ['Dozat, Timothy'], year: 2016 },
    containerTitle: `${ICLR}, workshop track`,
  },
  liu2020: {
    ...{
      ...paper,
      title: 'On the variance of the adaptive learning rate and beyond',
      year: 2020,
      containerTitle: ICLR,
    },
    author: [
      'Liu, Liyuan',
      'Jiang, Haoming',
      'He, Pengcheng',
      'Chen, Weizhu',
      'Liu, Xiaodong',
      'Gao, Jianfeng',
      'Han, Jiawei',
    ],
    url: 'https://arxiv.org/abs/1908.03265',
  },
  tieleman2012: {
    ...{
      type: 'speech',
      title: 'Lecture 6.5: RMSprop, divide the gradient by a running average of its recent magnitude',
    },
    ...{ author: ['Tieleman, Tijmen', 'Hinton, Geoffrey'], year: 2012 },
    containerTitle: 'Coursera: Neural Networks for Machine Learning',
  },
  duchi2011: {
    ...{
      ...article,
      title: 'Adaptive subgradient methods for online learning and stochastic optimization',
      year: 2011,
    },
    author: ['Duchi, John', 'Hazan, Elad', 'Singer, Yoram'],
    ...{ containerTitle: 'Journal of Machine Learning Research', volume: '12', page: '2121–2159' },
  },
  zeiler2012: {
    ...{ ...article, title: 'ADADELTA: an adaptive learning rate method', author: ['Zeiler, Matthew D.'], year: 2012 },
    ...{ containerTitle: 'arXiv:1212.5701', url: 'https://arxiv.org/abs/1212.5701' },
  },
  chen2023: {
    ...{ ...paper, title: 'Symbolic discovery of optimization algorithms', year: 2023 },
    author: [
      'Chen, Xiangning',
      'Liang, Chen',
      'Huang, Da',
      'Real, Esteban',
      'Wang, Kaiyuan',
      'Pham, Hieu',
      'Dong, Xuanyi',
      'Luong, Thang',
      'Hsieh, Cho-Jui',
      'Lu, Yifeng',
      'Le, Quoc V.',
    ],
    ...{
      containerTitle: 'Advances in Neural Information Processing Systems 36',
      url: 'https://arxiv.org/abs/2302.06675',
    },
  },
  lecun1998: {
    ...{ ...article, title: 'Gradient-based learning applied to document recognition', year: 1998 },
    author: ['LeCun, Yann', 'Bottou, Léon', 'Bengio, Yoshua', 'Haffner, Patrick'],
    ...{
      containerTitle: 'Proceedings of the IEEE',
      volume: '86',
      issue: '11',
      page: '2278–2324',
      doi: '10.1109/5.726791',
    },
  },
  krizhevsky2012: {
    ...{ ...paper, title: 'ImageNet classification with deep convolutional neural networks', year: 2012 },
    author: ['Krizhevsky, Alex', 'Sutskever, Ilya', 'Hinton, Geoffrey E.'],
    ...{ containerTitle: 'Advances in Neural Information Processing Systems 25', page: '1097–1105' },
  },
  simonyan2015: {
    ...{ ...paper, title: 'Very deep convolutional networks for large-scale image recognition', year: 2015 },
    author: ['Simonyan, Karen', 'Zisserman, Andrew'],
    ...{ containerTitle: ICLR, url: 'https://arxiv.org/abs/1409.1556' },
  },
  he2016: {
    ...{ ...paper, title: 'Deep residual learning for image recognition', year: 2016 },
    author: ['He, Kaiming', 'Zhang, Xiangyu', 'Ren, Shaoqing', 'Sun, Jian'],
    ...{
      containerTitle: 'IEEE Conference on Computer Vision and Pattern Recognition',
      page: '770–778',
      doi: '10.1109/CVPR.2016.90',
    },
  },
  ioffe2015: {
    ...{
      ...paper,
      title: 'Batch normalization: accelerating deep network training by reducing internal covariate shift',
    },
    ...{ author: ['Ioffe, Sergey', 'Szegedy, Christian'], year: 2015, page: '448–456' },
    containerTitle: 'Proceedings of the 32nd International Conference on Machine Learning',
  },
  srivastava2014: {
    ...{ ...article, title: 'Dropout: a simple way to prevent neural networks from overfitting', year: 2014 },
    author: ['Srivastava, Nitish', 'Hinton, Geoffrey', 'Krizhevsky, Alex', 'Sutskever, Ilya', 'Salakhutdinov, Ruslan'],
    ...{ containerTitle: 'Journal of Machine Learning Research', volume: '15', page: '1929–1958' },
  },
  kingma2014: {
    ...{
      ...paper,
      title: 'Auto-encoding variational Bayes',
      author: ['Kingma, Diederik P.', 'Welling, Max'],
      year: 2014,
    },
    ...{ containerTitle: ICLR, url: 'https://arxiv.org/abs/1312.6114' },
  },
  xiao2017: {
    ...{
      ...article,
      title: 'Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms',
      year: 2017,
    },
    author: ['Xiao, Han', 'Rasul, Kashif', 'Vollgraf, Roland'],
    ...{ containerTitle: 'arXiv:1708.07747', url: 'https://arxiv.org/abs/1708.07747' },
  },
  krizhevsky2009: {
    ...{ type: 'report', title: 'Learning multiple layers of features from tiny images', author: ['Krizhevsky, Alex'] },
    ...{ year: 2009, publisher: 'University of Toronto' },
  },
  loshchilov2017: {
    ...{ ...paper, title: 'SGDR: stochastic gradient descent with warm restarts', year: 2017, containerTitle: ICLR },
    ...{ author: ['Loshchilov, Ilya', 'Hutter, Frank'], url: 'https://arxiv.org/abs/1608.03983' },
  },
  smith2019: {
    ...{
      ...paper,
      title: 'Super-convergence: very fast training of neural networks using large learning rates',
      year: 2019,
    },
    ...{ author: ['Smith, Leslie N.', 'Topin, Nicholay'], url: 'https://arxiv.org/abs/1708.07120' },
    containerTitle: 'Artificial Intelligence and Machine Learning for Multi-Domain Operations Applications',
  },
} as const satisfies Readonly<Record<string, Omit<Work, 'id'>>>

export type WorkId = keyof typeof WORKS
