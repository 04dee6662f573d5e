import { UsageError } from '../../errors.ts'

/** A place in a source. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** A mistake in a source, with its file and line. */
export const problem = ({ file, line }: Place, message: string): UsageError =>
  new UsageError(`${file}:${line}: ${message}`)
