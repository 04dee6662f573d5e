import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import { encodeNumber, jsonNumber } from '../../../runs/number.ts'
import { valueSchema } from '../../space/parameter.ts'

const trial = z.int().nonnegative()
const attempt = z.int().nonnegative()
const worker = z.string().min(1)
/** Milliseconds since 1970, by the clock of the worker's machine. */
const time = z.number()

/** A worker took a trial: for the first time (attempt 0), or after those before it had died. */
const askedSchema = z.strictObject({
  ...{ event: z.literal('asked'), trial, attempt, worker, time },
  config: valueSchema,
})
/** A value on the way. */
const reportedSchema = z.strictObject({
  ...{ event: z.literal('reported'), trial, attempt, worker, time },
  step: z.int().nonnegative(),
  value: jsonNumber,
})
/** How a trial ended. There is one for each trial, whatever attempt it is of. */
const toldSchema = z.strictObject({
  ...{ event: z.literal('told'), trial, attempt, worker, time },
  outcome: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('complete'), value: z.number() }),
    z.strictObject({ state: z.literal('pruned') }),
    z.strictObject({ state: z.literal('failed'), reason: z.string() }),
  ]),
})
/** A worker that was told to stop has given its attempt back: nobody died. */
const releasedSchema = z.strictObject({ event: z.literal('released'), trial, attempt, worker, time })
const eventSchema = z.discriminatedUnion('event', [askedSchema, reportedSchema, toldSchema, releasedSchema])

export type Asked = z.infer<typeof askedSchema>
export type Reported = z.infer<typeof reportedSchema>
export type Told = z.infer<typeof toldSchema>
export type Released = z.infer<typeof releasedSchema>
/** One line of a journal. */
export type Event = z.infer<typeof eventSchema>

/** An event as a line, with its end. */
export const encodeEvent = (event: Event): string =>
  `${JSON.stringify(event.event === 'reported' ? { ...event, value: encodeNumber(event.value) } : event)}\n`

/**
 * The event of a whole line.
 *
 * @param where - what to call it in a message
 * @throws UsageError when it is damaged
 */
export function parseEvent(line: string, where: string): Event {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new UsageError(`${where} is damaged (not JSON): mend or delete it`)
  }
  const parsed = eventSchema.safeParse(json)
  if (!parsed.success) throw new UsageError(`${where} is damaged (${z.prettifyError(parsed.error)}): mend or delete it`)
  return parsed.data
}
