/** Fewer values than this may all be different by chance. */
const FEW = 20

/** Names that numbers of rows have. */
const NAMES = /^(row|index|nr|no|#)$|^unnamed|(^|[^a-z])id$/i
const CAMEL = /[a-z]I[dD]$/

/** What is known of a column. */
interface Described {
  readonly name: string
  readonly type: string
  readonly count: number
  readonly unique?: number
  readonly min?: number
  readonly max?: number
}

/**
 * Whether a column names its rows rather than says something of them: texts that are all different, or whole numbers that are all
 * different and follow on each other or are called as identifiers are. Measurements may be all different too.
 */
export function isIdentifier({ name, type, count, unique, min = 0, max = 0 }: Described): boolean {
  if (unique !== count || count <= FEW) return false
  if (type === 'text') return true
  return type === 'integer' && (max - min + 1 === count || NAMES.test(name.trim()) || CAMEL.test(name.trim()))
}
