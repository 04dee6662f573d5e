import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { append, isMissing } from '../../study/journal/files.ts'
import { optionsSchema } from './options.ts'

const submitting = z.strictObject({
  event: z.literal('submitting'),
  /** Of the array, and of nothing else on any cluster. Known before Slurm's number is. */
  name: z.string(),
  /** Of the array. */
  workers: z.int().positive(),
  /** In all, those of earlier arrays included. */
  wanted: z.int().positive(),
  options: optionsSchema,
  time: z.number(),
})
const submitted = z.strictObject({ event: z.literal('submitted'), name: z.string(), job: z.int().positive() })
const refused = z.strictObject({ event: z.literal('refused'), name: z.string() })
const schema = z.discriminatedUnion('event', [submitting, submitted, refused])
export type SubmissionEvent = z.infer<typeof schema>

/** An array of workers. */
export interface Submission extends Pick<z.infer<typeof submitting>, 'name' | 'workers' | 'wanted' | 'options'> {
  /** Undefined where the submitter was killed before it could note it. */
  readonly job: number | undefined
}

const fileIn = (folder: string): string => join(folder, 'slurm.jsonl')

async function textOf(folder: string): Promise<string> {
  try {
    return await readFile(fileIn(folder), 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

/** Arrays that were submitted for a study, oldest first, from whichever machine. */
export async function submissionsIn(folder: string): Promise<readonly Submission[]> {
  const all = new Map<string, Submission>()
  for (const line of (await textOf(folder)).split('\n')) {
    const event = parse(line)
    if (event === undefined) continue
    const { name } = event
    const before = all.get(name)
    if (event.event === 'submitting') all.set(name, { ...event, job: undefined })
    else if (event.event === 'refused') all.delete(name)
    else if (before !== undefined) all.set(name, { ...before, job: event.job })
  }
  return [...all.values()]
}

/** Notes what happens to an array, on the disk when this resolves. */
export async function noteSubmission(folder: string, event: SubmissionEvent): Promise<void> {
  const before = await textOf(folder)
  // A machine that crashed may have left half a line.
  const start = before === '' || before.endsWith('\n') ? '' : '\n'
  append(fileIn(folder), `${start}${JSON.stringify(event)}\n`, true)
}

/** Half a line is that of a submitter which was killed before it called Slurm, or while it noted the number, which the name leads to. */
function parse(line: string): SubmissionEvent | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
