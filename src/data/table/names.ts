import { closestMatch } from 'leven'

/**
 * Says that there is no such name, which is nearest, and which there are.
 *
 * @example
 * missingName('people.csv', 'column', 'agee', ['age', 'sex']) // people.csv has no column "agee"; did you mean "age"? It has age, sex
 */
export function missingName(owner: string, what: string, name: string, known: readonly string[]): string {
  const near = known.find((one) => one.toLowerCase() === name.toLowerCase()) ?? closestTo(name, known)
  const listed = known.length > 20 ? `${known.slice(0, 20).join(', ')} and ${known.length - 20} more` : known.join(', ')
  return `${owner} has no ${what} "${name}"${near === undefined ? '; it' : `; did you mean "${near}"? It`} has ${listed}`
}

/** Half of the letters may differ. */
const closestTo = (name: string, known: readonly string[]): string | undefined =>
  closestMatch(name, known, { maxDistance: Math.max(1, Math.floor(name.length / 2)) })
