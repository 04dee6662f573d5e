import { UsageError } from '../../errors.ts'

/**
 * Ascending whole numbers as text that people can read: numbers that follow each other as one range.
 *
 * @example
 * formatRanges(Uint32Array.of(0, 1, 2, 7)) // '0-2 7'
 */
export function formatRanges(numbers: Uint32Array): string {
  const ranges: string[] = []
  for (let i = 0; i < numbers.length; ) {
    const first = numbers[i] ?? 0
    let last = first
    while (numbers[++i] === last + 1) last += 1
    ranges.push(first === last ? String(first) : `${first}-${last}`)
  }
  return ranges.join(' ')
}

/**
 * The other direction of {@link formatRanges}.
 *
 * @throws UsageError when the text is not ascending ranges
 */
export function parseRanges(text: string): Uint32Array {
  const numbers: number[] = []
  for (const range of text === '' ? [] : text.split(' ')) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
    if (first === undefined || Number(first) <= (numbers.at(-1) ?? -1) || Number(last) < Number(first))
      throw new UsageError(`"${range}" does not fit: write ascending whole numbers and ranges, as in 0-2 7`)
    for (let i = Number(first); i <= Number(last); i++) numbers.push(i)
  }
  return Uint32Array.from(numbers)
}
