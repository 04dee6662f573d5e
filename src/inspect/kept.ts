import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import type { Json } from '../train/index.ts'

/**
 * A measurement that takes long, kept as a JSON file beside what was measured: it is computed again only where it was asked otherwise, or the file is damaged.
 *
 * @param asked - all that the value depends on and the place does not say
 *
 * @example
 * const value = await kept(join(run.folder, 'inspect/trace.json'), { probes }, z.number(), () => measure(probes))
 */
export async function kept<T>(path: string, asked: Json, schema: z.ZodType<T>, measure: () => Promise<T>): Promise<T> {
  const before = await readKept(path, asked, schema)
  if (before !== undefined) return before
  const value = await measure()
  await keep(path, asked, value)
  return value
}

/** What was kept, where it was asked for in the same way. */
export async function readKept<T>(path: string, asked: Json, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const found = z.object({ asked: z.unknown(), value: schema }).safeParse(parsed(text))
  return found.success && JSON.stringify(found.data.asked) === JSON.stringify(asked) ? found.data.value : undefined
}

/** Writes a measurement whole or not at all. */
export async function keep(path: string, asked: Json, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, `${JSON.stringify({ asked, value }, null, 2)}\n`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
