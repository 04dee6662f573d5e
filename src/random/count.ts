import { UsageError } from '../errors.ts'

/** Refuses a number of values that no typed array can have. */
export function requireCount(what: string, n: number): void {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 32)
    throw new UsageError(`${what}: n is ${n}; give a whole number from 0 to 2^32 - 1`)
}
