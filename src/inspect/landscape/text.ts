import type { SplitName } from '../../runs/testModel/index.ts'
import type { Landscape, LandscapeFacts, LossProfile } from './landscape.ts'
import type { SurfacePoint } from './surface.ts'

/** Three digits. */
const short = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value))

const lossAt = (split: SplitName, { scores }: SurfacePoint): number => scores[split]?.loss ?? Number.NaN

/** The place with the smallest loss; undefined where no loss is a number. */
export const lowestPoint = (points: readonly SurfacePoint[], split: SplitName): SurfacePoint | undefined =>
  points
    .filter((point) => Number.isFinite(lossAt(split, point)))
    .reduce<SurfacePoint | undefined>(
      (best, point) => (best === undefined || lossAt(split, point) < lossAt(split, best) ? point : best),
      undefined,
    )

/** What to know before the numbers: directions, statistics, samples. */
export const landscapeNotes = ({ directions, statistics, splits }: LandscapeFacts): string[] => [
  directions,
  ...(statistics === 'renewed'
    ? ['running statistics of batch norms are recomputed on training samples at every place']
    : []),
  ...(statistics === 'kept' ? ['CAUTION: running statistics of batch norms are the network’s own at every place'] : []),
  splits.map(({ text }) => text).join('; '),
]

/** What a surface says, in a sentence. */
export function landscapeText({ points, marks }: Landscape, split: SplitName): string {
  const lowest = lowestPoint(points, split)
  if (lowest === undefined) return `No ${split} loss on the surface is a finite number.`
  const losses = points.map((point) => lossAt(split, point)).filter(Number.isFinite)
  const lost = points.length - losses.length
  const nearest = marks.map(({ name, at: [x, y] }) => {
    const distance = ({ at: [a = 0, b = 0] }: SurfacePoint): number => Math.hypot(a - x, b - y)
    const cell = points.reduce((best, point) => (distance(point) < distance(best) ? point : best), lowest)
    return `${short(lossAt(split, cell))} nearest to ${name}`
  })
  return `The ${split} loss over ${points.length} places goes from ${short(lossAt(split, lowest))} (at ${lowest.at.map(short).join(', ')}) to ${short(Math.max(...losses))}; it is ${nearest.join(', ')}.${lost > 0 ? ` At ${lost} place${lost === 1 ? '' : 's'} it is no finite number.` : ''}`
}

/** How steeply the loss rises from a network, over directions. */
export function profileText({ values, lines }: LossProfile, split: SplitName): string {
  const losses = lines.map((line) => line.map((point) => lossAt(split, point)))
  const middle = values.reduce((best, value, i) => (Math.abs(value) < Math.abs(values[best] ?? 0) ? i : best), 0)
  const ends = losses.flatMap((line) => [line[0] ?? Number.NaN, line.at(-1) ?? Number.NaN])
  const lower = losses.filter((line) => line.some((loss) => loss < (line[middle] ?? Number.NaN) - 1e-6)).length
  return `Along ${lines.length} random direction${lines.length === 1 ? '' : 's'} the ${split} loss rises from ${short(losses[0]?.[middle] ?? Number.NaN)} at ${short(values[middle] ?? 0)} to between ${short(Math.min(...ends))} and ${short(Math.max(...ends))} at ${short(values[0] ?? 0)} and ${short(values.at(-1) ?? 0)}; along ${lower === 0 ? 'none' : lower} of them it is lower somewhere than there.`
}
