/**
 * The mistake is the user's and the message says how to mend it: it names the thing, the value it had and the way out.
 * The command line prints the message alone (no stack) and ends with exit code 2.
 *
 * @example
 * throw new UsageError(`batchSize is ${batchSize}: give a whole number of at least 1`)
 */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}
