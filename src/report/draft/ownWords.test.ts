import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isChanged, partBody, withWords } from './ownWords.ts'

const place = (id: string): string => `<!-- own: ${id} "What of ${id}?" -->\n\n<!-- /own -->\n`
const bodyOf = (...ids: readonly string[]): string =>
  ids.map((id, i) => `# Section ${i}\n\nGenerated ${i}.\n\n${place(id)}`).join('\n')
const wordsOf = (body: string): Record<string, string> =>
  Object.fromEntries(partBody(body).own.map(({ id, words }) => [id, words]))
/** A body with words written at a place. */
const written = (body: string, id: string, words: string): string =>
  body.replace(`<!-- own: ${id} "What of ${id}?" -->\n\n`, (mark) => `${mark.trimEnd()}\n${words}`)

describe('words of one’s own', () => {
  it('stay where they are, move with their place, and change places', () => {
    const first = written(withWords(bodyOf('goals', 'limits'), []), 'goals', 'I ask **this**.\n')
    const second = withWords(bodyOf('limits', 'data', 'goals'), partBody(first).own)
    expect(wordsOf(second)).toEqual({ limits: '\n', data: '\n', goals: 'I ask **this**.\n' })
    expect(second.indexOf('own: goals')).toBeGreaterThan(second.indexOf('own: data'))
  })

  it('whose place is gone are kept at the end, come back when it does, and empty ones are not kept', () => {
    const first = written(withWords(bodyOf('goals', 'limits'), []), 'goals', 'I ask.\n')
    const second = withWords(bodyOf('data'), partBody(first).own)
    expect(second).toContain(
      '# Words kept from an earlier draft\n\n<!-- own: goals "What of goals?" -->\nI ask.\n<!-- /own -->',
    )
    expect(second).not.toContain('own: limits')
    const third = withWords(bodyOf('goals'), partBody(second).own)
    expect(wordsOf(third)).toEqual({ goals: 'I ask.\n' })
    expect(third).not.toContain('kept from an earlier draft')
  })

  it('that were copied under one id are all kept', () => {
    const body = `${place('a').replace('\n\n', '\none\n')}${place('a').replace('\n\n', '\ntwo\n')}`
    const next = withWords(bodyOf('a'), partBody(body).own)
    expect(wordsOf(next)).toEqual({ a: 'one\n', 'a-2': 'two\n' })
    expect(wordsOf(withWords(bodyOf('a'), partBody(next).own))).toEqual({ a: 'one\n', 'a-2': 'two\n' })
  })

  it('may hold marks in fenced code', () => {
    const words = '```md\n<!-- /own -->\n```\nand on\n'
    const body = written(withWords(bodyOf('a', 'b'), []), 'a', words)
    expect(wordsOf(withWords(bodyOf('b', 'a'), partBody(body).own))).toEqual({ a: words, b: '\n' })
  })

  it('survive two drafts byte for byte, whatever they are', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ' ')),
      fc.constantFrom(
        '# A heading',
        '{{ run(',
        "{{ run('a').test.accuracy }}",
        '<!-- a comment -->',
        '<!-- own: x "y" -->',
      ),
      fc.constantFrom(
        '```',
        '~~~~',
        '```ts',
        '$$',
        '---',
        '> quote',
        '- list',
        '<!--',
        '-->',
        '<!-- assay draft 00 -->',
        '\t',
        '',
      ),
    )
    const words = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 8 })
      .map((lines) => lines.map((parts) => parts.join('')).join(''))
    fc.assert(
      fc.property(words, words, fc.boolean(), (first, second, isMoved) => {
        const draft = withWords(bodyOf('a', 'b'), [])
        const body = written(written(draft, 'b', second), 'a', first)
        expect(isChanged(partBody(body))).toBe(false)
        const once = withWords(isMoved ? bodyOf('b', 'c', 'a') : bodyOf('a', 'c'), partBody(body).own)
        const twice = withWords(bodyOf('c', 'a', 'b'), partBody(once).own)
        expect(wordsOf(twice).a).toBe(first)
        // Words of nothing but space are none, once their place is gone.
        if (isMoved || second.trim() !== '') expect(wordsOf(twice).b).toBe(second)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what was generated', () => {
  const draft = withWords(bodyOf('goals'), [])

  it('is known to be unchanged, with other words and other line ends, too', () => {
    expect(isChanged(partBody(draft))).toBe(false)
    expect(isChanged(partBody(written(draft, 'goals', 'Mine.\n')))).toBe(false)
    expect(isChanged(partBody(draft.replaceAll('\n', '\r\n')))).toBe(false)
    expect(isChanged(partBody(withWords(bodyOf('other'), [{ id: 'goals', prompt: '', words: 'Mine.\n' }])))).toBe(false)
  })

  it('is known to be changed, also where its hash is gone', () => {
    expect(isChanged(partBody(draft.replace('Generated 0', 'Changed')))).toBe(true)
    expect(isChanged(partBody(draft.replace('What of goals', 'And what of goals')))).toBe(true)
    expect(isChanged(partBody(draft.replace(/<!-- assay draft.*/, '')))).toBe(true)
  })
})
