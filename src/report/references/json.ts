import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { UsageError } from '../../errors.ts'
import { readable } from '../readable.ts'
import { fileAt } from './blocks/tables/csvFile.ts'
import type { Records } from './records.ts'
import { type Members, plain, type ThingReferent } from './referent.ts'
import { numberValue, type Origin, textValue, unitOf } from './value.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Any number that Assay has written: `file('inspect/curvature.json').lambdaMax`. */
export async function fileReferent(records: Records, path: string): Promise<ThingReferent> {
  const file = await fileAt(path, records, '.json')
  const json = await records.once(`file ${file}`, async () => parsed(await readFile(file, 'utf8'), file))
  return jsonThing(json, `file ${path}`, { source: relative(records.folder, file), runs: [] })
}

function parsed(text: string, file: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not JSON: give a file that Assay wrote with --json, or a summary`)
  }
}

/** JSON as a thing: objects and lists have members, the rest are values. */
export function jsonThing(json: Json | undefined, name: string, origin: Origin): ThingReferent {
  const last = /[^.\]']+$/.exec(name)?.[0] ?? name
  if (typeof json === 'number') return plain(name, () => numberValue(json, unitOf(last), origin))
  if (typeof json === 'string' || typeof json === 'boolean') return plain(name, () => textValue(String(json), origin))
  if (json === null || json === undefined)
    return plain(name, () => {
      throw new UsageError(`${name} is no finite number, or is not known`)
    })
  const members: Members = Object.fromEntries(
    Object.entries(json).map(([key, inner]) => [
      key,
      () => jsonThing(inner, `${name}.${key}`, { ...origin, source: `${origin.source}: ${key}` }),
    ]),
  )
  if (!Array.isArray(json)) return { kind: 'thing', name, members }
  const isShort = json.every((item) => typeof item !== 'object' || item === null)
  return {
    ...{ kind: 'thing', name },
    members: { ...members, length: () => plain(`${name}.length`, () => numberValue(json.length, 'count', origin)) },
    ...(isShort && { value: () => textValue(readable(json), origin) }),
  }
}
