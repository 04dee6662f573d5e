import { UsageError } from '../errors.ts'
import { PALETTE } from './figure.ts'

const COLORS = [
  PALETTE.blue,
  PALETTE.vermillion,
  PALETTE.green,
  PALETTE.purple,
  PALETTE.orange,
  PALETTE.sky,
  PALETTE.black,
]
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right'] as const

/** More groups cannot be told apart in one picture. */
export const MOST_GROUPS = 2 * COLORS.length

/**
 * What tells groups apart in a picture: a colour, a shape for grey print, and from the eighth on a dashed line.
 *
 * @throws UsageError where there are more groups than that serves, or two have one name
 */
export function groupMarks(labels: readonly string[]) {
  if (labels.length > MOST_GROUPS)
    throw new UsageError(`there are ${labels.length} groups: draw at most ${MOST_GROUPS} in one figure`)
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i)
  if (repeated !== undefined) throw new UsageError(`two groups are called "${repeated}": give each a label of its own`)
  const domain = [...labels]
  const at = <T>(values: readonly T[]): T[] => labels.flatMap((_, i) => values[i % values.length] ?? [])
  const legend = { title: null, orient: 'top' as const, columns: 3, labelLimit: 260, symbolSize: 120, symbolOpacity: 1 }
  return {
    color: { field: 'group', type: 'nominal' as const, scale: { domain, range: at(COLORS) }, legend },
    shape: { field: 'group', type: 'nominal' as const, scale: { domain, range: at(SHAPES) }, legend },
    // Only where colours repeat: a line without dashes needs no legend.
    line:
      labels.length <= COLORS.length
        ? {}
        : {
            strokeDash: {
              field: 'group',
              type: 'nominal' as const,
              scale: { domain, range: labels.map((_, i) => (i < COLORS.length ? [1, 0] : [4, 2])) },
              legend,
            },
          },
  }
}
