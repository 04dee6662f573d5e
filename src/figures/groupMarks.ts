import { UsageError } from '../errors.ts'
import { PALETTE } from './figure.ts'

const MARKS = [
  [PALETTE.blue, 'circle'],
  [PALETTE.vermillion, 'square'],
  [PALETTE.green, 'triangle-up'],
  [PALETTE.purple, 'diamond'],
  [PALETTE.orange, 'cross'],
  [PALETTE.sky, 'triangle-down'],
  [PALETTE.black, 'triangle-right'],
] as const

/** More groups cannot be told apart by colour. */
export const MOST_GROUPS = MARKS.length

/**
 * What tells groups apart in a picture: a colour, and a shape for grey print.
 *
 * @throws UsageError where there are more groups than that serves, or two have one name
 */
export function groupMarks(labels: readonly string[]) {
  if (labels.length > MOST_GROUPS)
    throw new UsageError(`there are ${labels.length} groups: draw at most ${MOST_GROUPS} over each other`)
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i)
  if (repeated !== undefined) throw new UsageError(`two groups are called "${repeated}": give each a label of its own`)
  const domain = [...labels]
  const marks = MARKS.slice(0, labels.length)
  const legend = {
    ...{ title: null, orient: 'top' as const, columns: 3 },
    ...{ labelLimit: 320, symbolSize: 120, symbolOpacity: 1 },
  }
  return {
    color: {
      ...{ field: 'group', type: 'nominal' as const, legend },
      scale: { domain, range: marks.map(([color]) => color) },
    },
    shape: {
      ...{ field: 'group', type: 'nominal' as const, legend },
      scale: { domain, range: marks.map(([, shape]) => shape) },
    },
  }
}
