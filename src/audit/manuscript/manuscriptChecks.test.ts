import { describe, expect, it } from 'vitest'
import { factsWith, manuscriptWith, passageOf } from '../../testing/audit.ts'
import type { ManuscriptCheck } from '../check.ts'
import { bestEpoch } from './bestEpoch.ts'
import { emptyOwnWords } from './emptyOwnWords.ts'
import type { Part } from './manuscript.ts'
import { noErrorBar } from './noErrorBar.ts'
import { otherRun } from './otherRun.ts'
import { testChoice } from './testChoice.ts'
import { unreferencedFigure } from './unreferencedFigure.ts'
import { wrongName } from './wrongName.ts'
import { wrongOrder } from './wrongOrder.ts'

type Text = string | readonly Part[]
const CITED = { kind: 'citation', text: '[kingma2015]' } as const

const facts = factsWith([
  { name: 'resNet18', accuracy: [0.991, 0.9905, 0.992], loss: 0.03, parameters: 11_172_810 },
  { name: 'leNet5', accuracy: [0.985, 0.9845, 0.9852], loss: 0.05, parameters: 61_706 },
  { name: 'convNet', accuracy: [0.9853, 0.984, 0.9848], loss: 0.06, parameters: 207_018 },
])
const single = factsWith([
  { name: 'resNet18', accuracy: [0.991] },
  { name: 'leNet5', accuracy: [0.9895] },
  { name: 'dense', accuracy: [0.971], best: 0.978 },
  { name: 'convNet', accuracy: [0.9851] },
])

const severities = (check: ManuscriptCheck, text: Text, own = facts): string[] =>
  check.find(manuscriptWith(own, [passageOf(typeof text === 'string' ? [text] : text)])).map(({ severity }) => severity)

describe('wrong-name', () => {
  it.each<[Text, string[]]>([
    ['We train with RMSProp.', ['error']],
    ['Both use the SGD optimiser.', ['error']],
    ['The data are FashionMNIST images.', ['error']],
    ['Hidden layers use tanh.', ['error']],
    ['AlexNet is the largest network here.', ['error']],
    ['We minimise the hinge loss.', ['error']],
    ['ResNet50 is the deepest.', ['error']],
    ['We train with Adam instead of RMSProp.', ['note']],
    ['Unlike AdamW, Adam couples the decay.', ['note']],
    [['RMSProp divides by a running mean ', CITED, '.'], ['note']],
    ['We trained ResNet-18, LeNet-5 and a ConvNet with Adam on MNIST, with ReLU and cross-entropy.', []],
    ['LeNet and ResNet18 are compared.', []],
    [['The code says ', { kind: 'quiet', text: 'RMSProp' }, '.'], []],
    ['The lion sleeps; Adamant claims.', []],
  ])('%s', (text, expected) => {
    expect(severities(wrongName, text)).toEqual(expected)
  })

  it('tells which names the runs have, in the sentence', () => {
    const [finding] = wrongName.find(manuscriptWith(facts, [passageOf(['It was RMSProp.'])]))
    expect(finding?.saw).toContain('“It was RMSProp.” (Results) names RMSProp, and the optimiser of every run')
    expect(finding?.saw).toContain('is adam')
  })
})

describe('wrong-order', () => {
  it.each<[Text, string[]]>([
    ['LeNet5 beats ResNet18.', ['error']],
    ['LeNet-5 clearly outperforms the ResNet-18.', ['error']],
    ['ResNet18 is worse than LeNet5.', ['error']],
    ['ResNet18 is outperformed by LeNet5.', ['error']],
    ['LeNet5 (98.5 %) exceeds ResNet18 (99.1 %).', ['error']],
    ['LeNet5 has a higher test accuracy than ResNet18.', ['error']],
    ['LeNet5 reaches a lower loss than ResNet18.', ['error']],
    ['ResNet18 has fewer parameters than LeNet5.', ['error']],
    ['LeNet5 and convNet beat ResNet18.', ['error', 'error']],
    ['ResNet18 does not outperform LeNet5.', ['error']],
    ['ResNet18 is no better than LeNet5.', ['error']],
    ['LeNet5 performs better than the convNet.', ['warning']],
    ['The convNet beats LeNet5.', ['error']],
    ['ResNet18 beats LeNet5.', []],
    ['ResNet18 beats LeNet5 and convNet.', []],
    ['ResNet18 performs significantly better than LeNet5 on the test split.', []],
    ['LeNet5 is clearly less accurate than ResNet18.', []],
    ['LeNet5 has fewer parameters than ResNet18.', []],
    ['LeNet5 does not beat ResNet18.', []],
    ['LeNet5 is no better than the convNet.', []],
    ['Does LeNet5 beat ResNet18?', []],
    ['We expected that LeNet5 beats ResNet18.', []],
    ['LeNet5 was trained before ResNet18, which is better than nothing.', []],
    [['LeNet5 beats ResNet18 there ', CITED, '.'], []],
  ])('%s', (text, expected) => {
    expect(severities(wrongOrder, text)).toEqual(expected)
  })

  it('says what the values are', () => {
    const [finding] = wrongOrder.find(manuscriptWith(facts, [passageOf(['LeNet5 beats ResNet18.'])]))
    expect(finding?.saw).toContain('the test accuracy is leNet5 98.49 % (')
    expect(finding?.saw).toContain('3 seeds) and resNet18 99.12 % (')
  })

  it('cannot tell single seeds with overlapping intervals apart, and can where they are far apart', () => {
    expect(severities(wrongOrder, 'ResNet18 beats LeNet5.', single)).toEqual(['warning'])
    expect(severities(wrongOrder, 'ResNet18 beats dense.', single)).toEqual([])
  })

  it('reads values of references as names, and narrows a name of many cells by the others in the sentence', () => {
    const cell = (name: string, rate: string, accuracy: number) => ({
      name,
      accuracy: [accuracy],
      lr: Number(rate),
      manifest: { grid: { name: 'rates', labels: { experiment: name, 'learning rate': rate } } },
    })
    const grid = factsWith([
      cell('dense', '0.1', 0.2),
      cell('dense', '0.01', 0.97),
      cell('convNet', '0.1', 0.5),
      cell('convNet', '0.01', 0.99),
    ])
    const value = (text: string) => ({ kind: 'value', text, expression: 'group(…).model' }) as const
    expect(severities(wrongOrder, [value('dense'), ' beats ', value('convNet'), '.'], grid)).toEqual(['error'])
    expect(severities(wrongOrder, 'convNet beats dense at learning rate 0.1.', grid)).toEqual([])
    const [finding] = wrongOrder.find(manuscriptWith(grid, [passageOf(['dense beats convNet at learning rate 0.1.'])]))
    expect(finding?.saw).toContain('20.00 %')
  })
})

describe('no-error-bar', () => {
  const score: Part = { kind: 'value', text: '99.10%', expression: "run('resnet18-s0').test.accuracy" }
  it.each<[Text, string[]]>([
    [['It reaches ', score, '.'], ['warning']],
    ['It reaches 97.10 %.', ['warning']],
    [['It reaches ', score, ' with one seed.'], []],
    [['It reaches ', score, ' (95 % interval 98.9 to 99.3 %).'], []],
    [['It reaches ', score, ' ± 0.1 %.'], []],
    ['It converges quickly.', []],
  ])('%j', (text, expected) => {
    expect(severities(noErrorBar, text, single)).toEqual(expected)
  })

  it('has nothing against means over seeds', () => {
    const mean: Part = { kind: 'value', text: '99.12%', expression: `${facts.groups[0]?.expression}.test.accuracy` }
    expect(severities(noErrorBar, ['It reaches ', mean, '.'])).toEqual([])
  })
})

describe('test-choice', () => {
  it.each<[string, string[]]>([
    ['The best network reaches 99.10 % on the test split.', ['warning']],
    ['The best of 4 on the test split reaches 99.10 %.', []],
    ['The best network, chosen on the validation split, reaches 99.10 %.', []],
    ['This network reaches 99.10 %.', []],
    ['The best-known digit is the one, of which 97.10 % are found.', []],
  ])('%s', (text, expected) => {
    expect(severities(testChoice, text, single)).toEqual(expected)
  })
})

describe('best-epoch', () => {
  it.each<[string, string[]]>([
    ['The dense network reaches 97.80 %.', ['warning']],
    ['The dense network reaches 97.80 % at its best epoch.', []],
    ['The dense network reaches 97.10 %.', []],
  ])('%s', (text, expected) => {
    expect(severities(bestEpoch, text, single)).toEqual(expected)
  })
})

describe('other-run', () => {
  it.each<[string, string[]]>([
    ['LeNet5 reaches 99.10 %.', ['warning']],
    ['LeNet5 reaches 98.95 %.', []],
    ['ResNet18 reaches 99.10 % and LeNet5 98.95 %.', []],
    ['We reach 99.10 %.', []],
    ['LeNet5 has a dropout of 0.99.', []],
    ['LeNet5 reaches 0.9910.', ['warning']],
  ])('%s', (text, expected) => {
    expect(severities(otherRun, text, single)).toEqual(expected)
  })
})

it('unreferenced-figure names figures that the text does not mention', () => {
  const labelled = [
    { id: 'fig:curves', kind: 'figure', where: 'a' },
    { id: 'tab:scores', kind: 'table', where: 'b' },
  ] as const
  const found = unreferencedFigure.find(manuscriptWith(facts, [], { labelled, mentions: new Set(['tab:scores']) }))
  expect(found).toMatchObject([
    { severity: 'note', where: 'a', saw: 'The figure fig:curves is never mentioned in the text.' },
  ])
})

it('empty-own-words are warnings unless it is a draft', () => {
  const own = [
    { id: 'goals', prompt: 'What do you ask?', isEmpty: true, where: 'a' },
    { id: 'limits', prompt: 'What are its limits?', isEmpty: false, where: 'b' },
  ]
  expect(emptyOwnWords.find(manuscriptWith(facts, [], { own, isDraft: true }))).toEqual([])
  expect(emptyOwnWords.find(manuscriptWith(facts, [], { own, isDraft: false }))).toMatchObject([
    { severity: 'warning', where: 'a' },
  ])
})
