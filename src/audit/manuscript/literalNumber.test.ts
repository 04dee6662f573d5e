import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsWith, manuscriptWith, passageOf } from '../../testing/audit.ts'
import { numbersOf } from '../facts/numbers.ts'
import { literalNumber } from './literalNumber.ts'
import type { Part, Role } from './manuscript.ts'

const facts = factsWith([
  { name: 'resNet18', accuracy: [0.9911], parameters: 11_172_810 },
  { name: 'leNet5', accuracy: [0.98512], parameters: 61_706, lr: 0.01 },
])
const found = (parts: readonly Part[] | string, role: Role = 'results', shown: readonly string[] = []) =>
  literalNumber.find(manuscriptWith(facts, [passageOf(typeof parts === 'string' ? [parts] : parts, role)], { shown }))
const severities = (parts: readonly Part[] | string, role?: Role, shown?: readonly string[]) =>
  found(parts, role, shown).map(({ severity }) => severity)

describe('numbers that a run has are notes', () => {
  it.each([
    'It reaches 98.5 % on the test split.',
    'It reaches 98.51% on the test split.',
    'An accuracy of 0.985 is what it reaches.',
    'An accuracy of 98.512 is what it reaches.',
    'Its error is 0.89 %.',
    'The networks were fitted with a learning rate of 1e-3.',
    'The networks were fitted with a learning rate of 10⁻³.',
    'The networks were fitted with a learning rate of 1 × 10^-3.',
    'There are 50k images for training.',
    'It has about 11.2 million parameters.',
    'It has 61,706 parameters.',
    'It has roughly 62,000 parameters.',
    'Trained for 5 epochs.',
    'It lies 0.60 percentage points above.',
    'It is better than 99 %.',
    'It took 1 min 30 s.',
    'It took 90 s.',
  ])('%s', (text) => {
    expect(severities(text)).toEqual(['note'])
  })

  it('and tell the expression', () => {
    expect(found('It reaches 99.1 %.')[0]).toMatchObject({
      saw: expect.stringContaining('test accuracy of resNet18'),
      mend: "Write it as {{ run('resnet18-s0').test.accuracy }} so that it follows the run.",
    })
  })
})

describe('numbers that no run has are errors', () => {
  it.each([
    'It reaches 97.3 % on the test split.',
    'It reaches 98.58% on the test split.',
    'It reaches 98.2 %.',
    'For both networks 97.3% is what they reach.',
    'Of all models 98.2 percent is the least.',
    'An accuracy of 0.973 is what it reaches.',
    'It has 571 parameters.',
    'Trained with a batch size of 128.',
    'Trained for 20 epochs.',
    'The learning rate was 0.05.',
    'It is above 99.5 %.',
    'It took 12 min.',
    'There are 12,345 images for training.',
  ])('%s', (text) => {
    expect(severities(text)).toEqual(['error'])
  })

  it('and name what is nearest', () => {
    expect(found('It reaches 99.4 %.')[0]?.saw).toContain('nearest: ')
    expect(found('LeNet5 reaches 99.4 %.')[0]?.saw).toContain('nearest: test accuracy of leNet5 98.51 %.')
    expect(found('The network has 571 parameters.')[0]?.saw).toContain('parameters of leNet5 61,706')
  })

  it('are errors beside a noun of the field where the method is told, too; others are not', () => {
    expect(severities('It has 571 parameters.', 'method')).toEqual(['error'])
    expect(severities('Pixels are standardised by 0.1307.', 'method')).toEqual([])
  })

  it('are notes where they are cited, expected or of others’ work', () => {
    const citation = { kind: 'citation', text: '[lecun1998]' } as const
    expect(severities(['LeCun reports 99.05 % ', citation, '.'])).toEqual(['note'])
    expect(severities('We expected about 97 %.')).toEqual(['note'])
    expect(severities('Others report 97.3 % accuracy with 571 parameters.', 'background')).toEqual(['note'])
  })
})

describe('numbers that count nothing are passed over', () => {
  it.each([
    'Kernels are 3 × 3 and images 28x28, in two columns of 2 pictures.',
    'Section 4.2, Figure 12 and Table 3 show it (see p. 17).',
    'On 21 November 2026, and in 2019, as in the version of 1998.',
    'A 1–288–288–1 network; CIFAR-10; ResNet-18; the F1 score; a 3-layer net; top-5.',
    'The 95 % confidence interval, with p < 0.05, on Python 3.11.2.',
    '1. The first thing. (2) The second.',
    'The digits 4 and 9 are confused, and class 7 with seed 3.',
    'Values in [0, 1], from 0 to 255.',
    'ResNet18 has 18 layers, among them 17 convolutional layers.',
    'Every image has 784 pixels, 28 in each direction.',
    'It ran with ONNX Runtime 1.20.',
    'All trainings together took 3 min.',
    'It is under CC BY-SA 3.0, and that under Apache 2.0.',
  ])('%s', (text) => {
    expect(severities(text)).toEqual([])
  })

  it('as are values of references, code and formulas', () => {
    const parts: readonly Part[] = [
      'It reaches ',
      { kind: 'value', text: '12.3%', expression: "run('a').test.accuracy" },
      ' with ',
      { kind: 'quiet', text: 'lr = 0.77' },
      '.',
    ]
    expect(severities(parts)).toEqual([])
  })

  it('and what a table of references shows may be repeated', () => {
    expect(severities('It confuses 41.7 % of them.', 'results', ['41.73%'])).toEqual([])
    expect(severities('It confuses 41.7 % of them.')).toEqual(['error'])
  })
})

it('a number that is written from a fact, at any precision, is never an error', () => {
  const numbers = numbersOf(facts).filter(({ value }) => Number.isFinite(value) && Math.abs(value) < 1e9)
  fc.assert(
    fc.property(
      fc.constantFrom(...numbers),
      fc.integer({ min: 0, max: 6 }),
      fc.boolean(),
      (fact, digits, isPercent) => {
        const isShare = fact.metric === 'accuracy'
        const text =
          fact.quantity === 'time'
            ? `${fact.value.toFixed(digits)} s`
            : isShare && isPercent
              ? `${(100 * fact.value).toFixed(digits)} %`
              : digits === 6 && fact.value !== 0
                ? fact.value.toExponential(2)
                : fact.value.toFixed(digits)
        expect(severities(`What came out is ${text} there.`)).not.toContain('error')
      },
    ),
    { numRuns: 300 },
  )
})
