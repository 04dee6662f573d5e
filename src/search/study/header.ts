import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import type { Key } from '../../random/index.ts'
import { differences } from '../../train/describe.ts'
import type { Pruner } from '../pruners/index.ts'
import type { Sampler } from '../samplers/index.ts'
import { describeSpace, readSpace, type Space, spaceHash, spaceSchema } from '../space/index.ts'
import { valueSchema } from '../space/parameter.ts'
import type { Direction } from '../trial.ts'
import { createOnce } from './journal/createOnce.ts'
import { isMissing, type Places } from './journal/files.ts'

const word = z.int().min(0).max(0xffffffff)
const described = z.strictObject({ kind: z.string(), config: z.record(z.string(), valueSchema) })
const headerSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  direction: z.enum(['minimize', 'maximize']),
  key: z.strictObject({ low: word, high: word }),
  sampler: described,
  pruner: described,
  space: spaceSchema,
})

/** What a study is: `study.json`, which is written once. */
export type Header = z.infer<typeof headerSchema>

export const headerOf = (study: {
  readonly name: string
  readonly direction: Direction
  readonly key: Key
  readonly sampler: Sampler
  readonly pruner: Pruner
  readonly space: Space
}): Header => ({
  version: 1,
  name: study.name,
  direction: study.direction,
  key: { low: study.key.low, high: study.key.high },
  sampler: { kind: study.sampler.kind, config: study.sampler.config },
  pruner: { kind: study.pruner.kind, config: study.pruner.config },
  space: describeSpace(study.space),
})

/**
 * Writes what a study is, or makes sure that it is what was written before.
 *
 * @throws UsageError naming what differs
 */
export function agree(header: Header, { header: path, scratch }: Places): void {
  if (createOnce(path, `${JSON.stringify(header, null, 2)}\n`, scratch)) return
  const stored = readHeader(path)
  if (stored === undefined) throw new UsageError(`${path} is gone while it was being read: was the study deleted?`)
  const [before, after] = [stored, header].map((one) => z.json().parse(JSON.parse(JSON.stringify(one))))
  const different = differences(before, after)
    .slice(0, 3)
    .map(({ path: at, before: was, after: is }) => `${at} was ${shown(was)} and is ${shown(is)}`)
  const order = spaceHash(readSpace(stored.space)) !== spaceHash(readSpace(header.space))
  const what = different.length > 0 ? different.join('; ') : order ? 'its parameters come in another order' : undefined
  if (what !== undefined)
    throw new UsageError(
      `the study in ${path} is another one: ${what}. Ask for it as it was, or give this one another folder`,
    )
}

const shown = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value))

/**
 * What a study is; undefined where there is none.
 *
 * @throws UsageError when the file is damaged
 */
export function readHeader(path: string): Header | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new UsageError(`${path} is damaged (not JSON): the study cannot be read without it`)
  }
  const parsed = headerSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new UsageError(`${path} is damaged (${z.prettifyError(parsed.error)}): the study cannot be read without it`)
}
