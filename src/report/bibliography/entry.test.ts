import { describe, expect, it } from 'vitest'
import { plainText, type Reference } from '../document.ts'
import { referenceEntry } from './entry.ts'

const kingma = { family: 'Kingma', given: 'Diederik P.' }
const ba = { family: 'Ba', given: 'Jimmy' }
const work = (given: Partial<Reference>): Reference => ({
  id: 'a',
  type: 'article-journal',
  title: 'T',
  author: [],
  ...given,
})

describe('an entry of the references', () => {
  it.each<[string, Partial<Reference>, string]>([
    [
      'an article',
      {
        ...{ author: [{ family: 'LeCun', given: 'Yann' }, { family: 'Bottou', given: 'Léon' }, { family: 'Haffner' }] },
        ...{ title: 'Gradient-based learning', containerTitle: 'Proceedings of the IEEE', volume: '86', issue: '11' },
        ...{ page: '2278--2324', year: 1998, doi: '10.1109/5.726791' },
      },
      'Y. LeCun, L. Bottou, and Haffner, “Gradient-based learning,” Proceedings of the IEEE, vol. 86, no. 11, pp. 2278–2324, 1998. doi: 10.1109/5.726791',
    ],
    [
      'a paper in proceedings',
      { type: 'paper-conference', author: [kingma, ba], title: 'Adam: A method', containerTitle: 'ICLR', year: 2015 },
      'D. P. Kingma and J. Ba, “Adam: A method,” in ICLR, 2015.',
    ],
    [
      'a book',
      {
        type: 'book',
        author: [{ family: 'Prince', given: 'Simon J.D.' }],
        title: 'Deep Learning',
        publisher: 'MIT Press',
        year: 2023,
      },
      'S. J. D. Prince, Deep Learning, MIT Press, 2023.',
    ],
    [
      'a thesis',
      {
        type: 'thesis',
        author: [{ family: 'Dupont', given: 'Jean-Luc' }],
        title: 'Rates',
        publisher: 'University of Rome',
        year: 2020,
      },
      'J.-L. Dupont, “Rates,” thesis, University of Rome, 2020.',
    ],
    [
      'a web page of an organisation',
      {
        type: 'webpage',
        author: [{ family: 'ONNX Runtime developers' }],
        title: 'ONNX Runtime',
        url: 'https://onnxruntime.ai',
      },
      'ONNX Runtime developers, “ONNX Runtime.” Available: https://onnxruntime.ai',
    ],
    ['a title alone', { title: 'A note.' }, '“A note.”'],
    ['a question', { title: 'Why?', year: 2001, page: '7' }, '“Why?” p. 7, 2001.'],
    [
      'two to six authors',
      { author: Array(6).fill(ba), title: 'X' },
      'J. Ba, J. Ba, J. Ba, J. Ba, J. Ba, and J. Ba, “X.”',
    ],
    ['one of several authors', { author: [ba, { family: 'others' }], title: 'X' }, 'J. Ba et al., “X.”'],
    ['more authors', { author: Array(7).fill(kingma), title: 'X', year: 1 }, 'D. P. Kingma et al., “X,” 1.'],
    ['of unknown type', { type: 'report', title: 'X', publisher: 'CERN' }, '“X,” CERN.'],
  ])('of %s', (_, given, expected) => expect(plainText(referenceEntry(work(given)))).toBe(expected))

  it('sets the container in italics and links the DOI', () => {
    expect(referenceEntry(work({ containerTitle: 'Nature', doi: '10.1/x', url: 'https://elsewhere' }))).toEqual([
      { kind: 'text', text: '“T,” ' },
      { kind: 'emphasis', children: [{ kind: 'text', text: 'Nature' }] },
      { kind: 'text', text: '. doi: ' },
      { kind: 'link', href: 'https://doi.org/10.1/x', children: [{ kind: 'text', text: '10.1/x' }] },
    ])
  })
})
