import type { Json } from '../../train/index.ts'
import type { Point } from './point.ts'
import { openPointLog } from './pointLog.ts'
import type { PointScores, Scorer } from './scorer.ts'

/** A place that is to be scored, and how to make the point that it is. */
export interface WantedPlace {
  /** Names the place; wanted twice, it is computed once. */
  readonly at: string
  point(): Point
}

export interface PlacesOptions {
  /** File of scores that are known already and where new ones are added, `points.jsonl`; default: nothing is kept. */
  readonly log?: string | undefined
  /** Told between calls of the runtime; what it throws ends the work, and the log has what came before. */
  readonly onProgress?: ((progress: PlacesProgress) => void | Promise<void>) | undefined
}

export interface PlacesProgress {
  readonly done: number
  readonly total: number
  /** Of those done, how many were in the log. */
  readonly known: number
}

/**
 * Scores places of weight space, and keeps each as it is computed: started again, it computes what is missing.
 *
 * @param asked what the points depend on beside their names: fingerprints of weights and directions
 */
export async function scorePlaces(
  places: readonly WantedPlace[],
  scorer: Scorer,
  asked: Json,
  { log: path, onProgress }: PlacesOptions = {},
): Promise<ReadonlyMap<string, PointScores>> {
  const log = path === undefined ? undefined : openPointLog(path, [scorer.identity, asked])
  const wanted = new Map(places.map((place) => [place.at, place]))
  const scores = new Map<string, PointScores>()
  for (const at of wanted.keys()) {
    const known = log?.get(at)
    if (known !== undefined) scores.set(at, known)
  }
  const known = scores.size
  const missing = [...wanted.values()].filter(({ at }) => !scores.has(at))
  for (let begin = 0; begin < missing.length; begin += scorer.together) {
    await onProgress?.({ done: known + begin, total: wanted.size, known })
    const part = missing.slice(begin, begin + scorer.together)
    const found = await scorer.score(part.map(({ point }) => point()))
    for (const [k, { at }] of part.entries()) {
      const own = found[k] ?? {}
      scores.set(at, own)
      log?.add(at, own)
    }
  }
  await onProgress?.({ done: wanted.size, total: wanted.size, known })
  return scores
}
