/** Longer lines widen a figure: what draws it takes letters for wider than they are. */
const MOST_LETTERS = 76

/**
 * Lines of a subtitle that are too long, broken between words.
 *
 * @example
 * wrapped(['short', 'a line of many words …'])
 */
export const wrapped = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const broken = ['']
    for (const word of line.split(' ')) {
      const last = broken.at(-1) ?? ''
      if (last === '') broken[broken.length - 1] = word
      else if (last.length + 1 + word.length > MOST_LETTERS) broken.push(word)
      else broken[broken.length - 1] = `${last} ${word}`
    }
    return broken
  })
