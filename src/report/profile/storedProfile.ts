import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import type { Profile, ProfilePictures, Structure } from '../../data/profile/index.ts'
import { UsageError } from '../../errors.ts'
import { savePicture } from '../../figures/index.ts'
import { type NamedFigure, profileFigures } from './figures.ts'
import { pictureFigures } from './pictures.ts'
import { saveProfileFigures } from './profileReport.ts'

/** JSON has no NaN: it writes null. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)
const histogram = z.object({ low: number, high: number, counts: z.array(z.number()) })
const numberField = z.object({
  kind: z.literal('number'),
  name: z.string(),
  type: z.string(),
  count: z.number(),
  missing: z.number(),
  unique: z.number().exactOptional(),
  min: number,
  max: number,
  mean: number,
  std: number,
  q25: number,
  median: number,
  q75: number,
  zeros: z.number(),
  histogram,
  outliers: z.object({ count: z.number(), low: number, high: number }).exactOptional(),
  sampled: z.number().exactOptional(),
})
const textField = z.object({
  kind: z.literal('text'),
  name: z.string(),
  type: z.string(),
  count: z.number(),
  missing: z.number(),
  unique: z.number(),
  top: z.array(z.object({ value: z.string(), count: z.number() })),
  note: z.string().exactOptional(),
})
const guessed = z.boolean().exactOptional()
const problem = z.discriminatedUnion('task', [
  z.object({ task: z.literal('classification'), target: z.string(), classes: z.array(z.string()), guessed }),
  z.object({ task: z.literal('regression'), target: z.string(), field: numberField, guessed }),
  z.object({ task: z.literal('unknown') }),
])

/** `profile.json`: what `assay profile --save` keeps. */
const profileSchema: z.ZodType<Profile> = z.object({
  name: z.string(),
  modality: z.enum(['images', 'audio', 'table', 'vectors']),
  shape: z.array(z.number()),
  dtype: z.enum(['uint8', 'float32', 'columns']),
  splits: z.array(
    z.object({
      name: z.enum(['train', 'test', 'all']),
      samples: z.number(),
      fingerprint: z.string().exactOptional(),
      fields: z.array(z.discriminatedUnion('kind', [numberField, textField])),
      classCounts: z.array(z.number()).exactOptional(),
    }),
  ),
  problem,
  sampleMeans: numberField.exactOptional(),
  constantFeatures: z.number(),
  duplicates: z.object({
    withinTrain: z.number(),
    withinTest: z.number(),
    between: z.number(),
    conflicting: z.number(),
    examples: z.array(z.string()),
  }),
  correlation: z
    .object({ names: z.array(z.string()), matrix: z.array(z.array(z.number().nullable())) })
    .exactOptional(),
  leftOut: z.array(z.object({ item: z.string(), reason: z.string() })),
  facts: z.array(z.tuple([z.string(), z.string()])),
  answers: z.array(z.object({ question: z.string(), answer: z.string() })),
})

/** What is kept beside the profile itself. */
export interface ProfileExtras {
  readonly pictures?: ProfilePictures
  readonly structure?: Structure
  /** Figures that need the data: projections, sounds. */
  readonly figures?: readonly NamedFigure[]
}

/**
 * Keeps a profile, so that a report can be built without the data: `profile.json`, and its figures under `figures/`.
 *
 * @returns the folder
 *
 * @example
 * const { profile, pictures } = await profileSplits(await mnist().load(), { key: key(0) })
 * await saveProfile('profiles/mnist', profile, { pictures })
 */
export async function saveProfile(
  folder: string,
  profile: Profile,
  { pictures, structure, figures = [] }: ProfileExtras = {},
): Promise<string> {
  await mkdir(folder, { recursive: true })
  await saveProfileFigures(folder, [...profileFigures(profile), ...figures])
  for (const { name, svg } of await pictureFigures(profile, pictures))
    await savePicture(folder, name, { svg, rows: [] })
  // Last: a folder without it holds no profile.
  const kept = structure === undefined ? profile : { ...profile, structure }
  await writeFileAtomic(join(folder, 'profile.json'), `${JSON.stringify(kept, null, 2)}\n`)
  return folder
}

/**
 * Reads a profile that was kept.
 *
 * @throws UsageError when there is none, or it is damaged
 *
 * @example
 * readProfile('profiles/mnist').answers
 */
export function readProfile(folder: string): Profile {
  const path = join(folder, 'profile.json')
  if (!existsSync(path)) throw new UsageError(`there is no profile in ${folder}: make one with assay profile … --save`)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new UsageError(`${path} is not JSON: make it again with assay profile … --save`)
  }
  const found = profileSchema.safeParse(json)
  if (found.success) return found.data
  const [issue] = found.error.issues
  throw new UsageError(
    `${path} is damaged at ${issue?.path.join('.')} (${issue?.message}): make it again with assay profile … --save`,
  )
}
