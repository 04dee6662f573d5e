import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { sha256 } from '../../data/sha256.ts'
import { encodeNumber, jsonNumber } from '../../runs/number.ts'
import { append } from '../../search/study/journal/files.ts'
import type { Json } from '../../train/index.ts'
import type { PointScores } from './scorer.ts'

const scoresSchema = z.partialRecord(z.enum(['train', 'validation', 'test']), z.record(z.string(), jsonNumber))
const lineSchema = z.object({ asked: z.string(), at: z.string(), scores: scoresSchema })

/** What has been computed at places of weight space, kept as it comes. */
export interface PointLog {
  get(at: string): PointScores | undefined
  add(at: string, scores: PointScores): void
}

/**
 * A log of scores by place, one line each, added to and never rewritten: a process that is killed loses the places that it was at, and the next
 * one finds all others.
 *
 * @param path of the file, `points.jsonl`; questions of several kinds may share it
 * @param asked everything that the scores depend on beside the place: weights, samples, what is done with running statistics
 * @example
 * const log = openPointLog('landscape/points.jsonl', { weights: fingerprint, samples: 2000 })
 * const scores = log.get('0,0.5') ?? (await computed())
 */
export function openPointLog(path: string, asked: Json): PointLog {
  const hash = sha256(JSON.stringify(asked))
  const known = new Map<string, PointScores>()
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  for (const line of text.split('\n')) {
    const found = parsed(line)
    if (found?.asked === hash) known.set(found.at, found.scores)
  }
  mkdirSync(dirname(path), { recursive: true })
  // Half a line at the end is what a kill left: what comes now is a line of its own.
  if (text !== '' && !text.endsWith('\n')) append(path, '\n', false)
  return {
    get: (at) => known.get(at),
    add: (at, scores) => {
      known.set(at, scores)
      append(path, `${JSON.stringify({ asked: hash, at, scores: encoded(scores) })}\n`, false)
    },
  }
}

function parsed(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

const encoded = (scores: PointScores) =>
  Object.fromEntries(
    Object.entries(scores).map(([split, values]) => [
      split,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeNumber(value)])),
    ]),
  )
