import { describe, expect, it } from 'vitest'
import { latexText } from './latexText.ts'
import { readBibtex } from './readBibtex.ts'

describe('readBibtex', () => {
  it('maps fields, strings, names and accents', () => {
    const text = String.raw`
@string{ieee = "Proceedings of the {IEEE}"}
@comment{nothing}
@article{lecun98, title = {Gradient-based {L}earning \& more}, author = {LeCun, Yann and Bottou, L{\'e}on and {The Team of AT and T}},
  journal = ieee # " (old)", volume = 86, number = {11}, pages = {2278--2324}, year = 1998, month = nov, doi = {https://doi.org/10.1109/5.726791}}
@inproceedings{adam, title="Adam", author="Diederik P. Kingma and Jimmy Ba", booktitle={ICLR}, year={2015}, url={https://arxiv.org/abs/1412.6980}}
@phdthesis{t, title={Thesis}, author={M{\"u}ller, Jos\'e}, school={Universit{\`a} di Roma}, year={2020}}`
    expect(readBibtex(text)).toEqual([
      {
        id: 'lecun98',
        type: 'article-journal',
        title: 'Gradient-based Learning & more',
        author: [
          { family: 'LeCun', given: 'Yann' },
          { family: 'Bottou', given: 'Léon' },
          { family: 'The Team of AT and T' },
        ],
        containerTitle: 'Proceedings of the IEEE (old)',
        volume: '86',
        issue: '11',
        page: '2278–2324',
        year: 1998,
        doi: '10.1109/5.726791',
      },
      {
        id: 'adam',
        type: 'paper-conference',
        title: 'Adam',
        author: [
          { family: 'Kingma', given: 'Diederik P.' },
          { family: 'Ba', given: 'Jimmy' },
        ],
        containerTitle: 'ICLR',
        year: 2015,
        url: 'https://arxiv.org/abs/1412.6980',
      },
      {
        id: 't',
        type: 'thesis',
        title: 'Thesis',
        author: [{ family: 'Müller', given: 'José' }],
        publisher: 'Università di Roma',
        year: 2020,
      },
    ])
  })

  it('keeps that there are more authors than it names', () => {
    expect(readBibtex('@book{a, title={A}, author={Ba, Jimmy and others}}')[0]?.author).toEqual([
      { family: 'Ba', given: 'Jimmy' },
      { family: 'others' },
    ])
  })

  it('names what cannot be read', () => {
    expect(() => readBibtex('@book{a, title={A}}\n@book{a, title={B}}')).toThrow('"a" is there twice')
    expect(() => readBibtex('@book{a, title={A}}\n@book{broken, title={B}')).toThrow('from the entry "broken" on')
    expect(() => readBibtex('@book{a, year=2000}')).toThrow('"a" has no title')
  })
})

it('writes what TeX escapes as it is printed', () => {
  expect(latexText(String.raw`{G}r{\"o}bner, \v{S}koda, Gau{\ss}, \o re, \c{c}a, na\"\i ve`)).toBe(
    'Gröbner, Škoda, Gauß, øre, ça, naïve',
  )
  expect(latexText(String.raw`\textbf{Deep} \emph{learning}, {\it in} \url{https://x.org/a_b}`)).toBe(
    'Deep learning, in https://x.org/a_b',
  )
})
