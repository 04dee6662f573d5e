import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { z } from 'zod'

export const NO_NBFORMAT =
  'no notebook is held against nbformat’s schema: it is not there (apt-get install python3-nbformat)'

/** What nbformat's own schema, as Debian has it, says against a notebook; undefined where it is not there. */
export function nbformatErrors(): ((notebook: unknown) => readonly unknown[]) | undefined {
  const schema = nbformatSchema()
  if (schema === undefined) return undefined
  const validate = new Ajv({ strict: false }).compile(schema)
  return (notebook) => (validate(notebook) ? [] : (validate.errors ?? []))
}

function nbformatSchema(): Record<string, unknown> | undefined {
  try {
    const find = 'import nbformat, os; print(os.path.dirname(nbformat.__file__))'
    const folder = execFileSync('/usr/bin/python3', ['-c', find], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const path = `${folder.trim()}/v4/nbformat.v4.5.schema.json`
    if (!existsSync(path)) return undefined
    // Draft 4 by its name; nothing in it differs for the validator.
    const { $schema: _, ...rest } = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')))
    return rest
  } catch {
    return undefined
  }
}
