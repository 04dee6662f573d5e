import type { Sanity } from '../../inspect/index.ts'

/** What a check by weights drawn anew says of each method, once no trained weight is left. */
export function sanityText({ steps, insensitive }: Pick<Sanity, 'steps' | 'insensitive'>): string {
  const layers = Math.max(...steps.map(({ randomized }) => randomized))
  const end = steps.filter(({ randomized }) => randomized === layers)
  const told = end.map(({ method, rankCorrelation, magnitudeCorrelation, compared }) =>
    compared === 0
      ? `${method} unknown`
      : `${method} ${rankCorrelation.toFixed(2)} (${magnitudeCorrelation.toFixed(2)})`,
  )
  const flat = end.filter(({ compared }) => compared === 0).map(({ method }) => method)
  const flagged =
    insensitive.length > 0
      ? `WARNING: ${insensitive.join(', ')} ${insensitive.length === 1 ? 'stays' : 'stay'} alike: such a map shows the sample, as where it differs from the baseline or from 0, more than what the network has learnt.`
      : flat.length === 0
        ? 'All maps change: they depend on what the network has learnt.'
        : flat.length < end.length
          ? 'The other maps change: they depend on what the network has learnt.'
          : ''
  const unknown =
    flat.length === 0
      ? ''
      : `Of ${flat.join(', ')} it cannot be told: no sample has a map that varies both before and after.`
  return [
    `With the weights of all ${layers} layers drawn anew, the rank correlation with the trained network’s maps (that of their magnitudes) is ${told.join(', ')}.`,
    unknown,
    flagged,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
