import { UsageError } from '../../errors.ts'

/** Refuses a confidence level that is none. */
export function requireLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new UsageError(`level is ${level}: give a number strictly between 0 and 1, such as 0.95`)
}
