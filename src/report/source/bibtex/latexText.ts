/** Accents of TeX as combining characters, which go behind their letter. */
const ACCENTS: Readonly<Record<string, string>> = {
  '"': '\u0308',
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030c',
  u: '\u0306',
  H: '\u030b',
  r: '\u030a',
}
const LETTERS: Readonly<Record<string, string>> = {
  ss: 'ß',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  aa: 'å',
  AA: 'Å',
  i: 'i',
  j: 'j',
}

/**
 * A field of BibTeX as words: accents, dashes and escaped signs as they are printed, without braces.
 *
 * @example
 * latexText('{G}r{\\"o}bner \\& Co.') // 'Gröbner & Co.'
 */
export const latexText = (tex: string): string =>
  tex
    .replaceAll(/\\(ss|[oOlLij]|ae|AE|oe|aa|AA)(?:\{\}|\s+|(?![A-Za-z]))/g, (all, name: string) => LETTERS[name] ?? all)
    .replaceAll(
      /\\(["'`^~=.]|[cvuHr](?=[\s{]))\s*\{?\\?([A-Za-z])\}?/g,
      (_all, accent: string, letter: string) => `${letter}${ACCENTS[accent] ?? ''}`,
    )
    // Commands that change how words look, or say what they are: the words stay.
    .replaceAll(/\\(?:text[a-z]+|emph|url|enquote|mbox|math(?:rm|bf|it|cal))\s*(?=\{)/g, '')
    .replaceAll(/\\(?:it|bf|em|sc|rm|tt|itshape|bfseries|scshape)(?![A-Za-z])\s*/g, '')
    .replaceAll(/\\([&%$#_{}])/g, '$1')
    .replaceAll('---', '—')
    .replaceAll('--', '–')
    .replaceAll(/(?<!\\)~/g, ' ')
    .replaceAll(/[{}]/g, '')
    .replaceAll(/\s+/g, ' ')
    .normalize('NFC')
    .trim()
