/**
 * Numbers for a logarithmic axis or legend: 1, 2 and 5 of every power of ten, and over many powers these alone.
 *
 * @example
 * logTicks(0.08, 3) // [0.1, 0.2, 0.5, 1, 2]
 */
export function logTicks(least: number, most: number): number[] {
  const powers = Math.log10(most / least)
  const digits = powers > 6 ? [1] : powers > 3 ? [1, 3] : [1, 2, 5]
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))]
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
    .filter((value) => value >= least && value <= most)
}
