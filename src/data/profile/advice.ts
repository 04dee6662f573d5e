import { strongestPairs } from './correlation.ts'
import { isIdentifier } from './identifiers.ts'
import type { Field, NumberField, ProfileParts } from './profile.ts'
import { FEWEST } from './proposeSplit.ts'
import { counted, listed, percent, short, whole } from './words.ts'

/** Pearson's r from which two features say the same. */
const SAME = 0.98
/** Largest class over smallest from which accuracy misleads. */
const IMBALANCED = 3
/** Fewer samples than this correlate by chance. */
const FEW = 20
/** Share of outliers from which a robust scale is worth it. */
const HEAVY = 0.05

/** What should be done before training, each with the finding that asks for it. Everything is to be fitted on the training split. */
export function advise(parts: ProfileParts): string[] {
  const found = [...scaling(parts), ...repairs(parts), ...columns(parts), ...balance(parts), ...copies(parts)]
  return found.length === 0 ? ['None that the data ask for.'] : found
}

const isNumber = (field: Field): field is NumberField => field.kind === 'number'

function targetOf({ problem }: ProfileParts, fields: readonly Field[]): Field | undefined {
  return problem.task === 'unknown' ? undefined : fields.find(({ name }) => name === problem.target)
}

function features(parts: ProfileParts): readonly Field[] {
  const fields = parts.splits[0]?.fields ?? []
  const target = targetOf(parts, fields)
  return fields.filter((field) => field !== target)
}

function scaling(parts: ProfileParts): string[] {
  const numbers = features(parts)
    .filter(isNumber)
    .filter((field) => field.std > 0 && !isIdentifier(field))
  const [first] = numbers
  if (first === undefined) return []
  if (parts.modality === 'images') {
    const values = numbers.map(
      ({ name, mean, std }) =>
        `${numbers.length > 1 ? `${name} ` : ''}mean ${short(mean)}, standard deviation ${short(std)}`,
    )
    return [
      `Standardise the pixels by channel (${values.join('; ')}): values from ${short(first.min)} to ${short(first.max)} slow training down.`,
    ]
  }
  const [narrow, wide] = [Math.min(...numbers.map(({ std }) => std)), Math.max(...numbers.map(({ std }) => std))]
  if (numbers.length > 1 && wide / narrow > 2)
    return [
      `Standardise the numbers: their standard deviations go from ${short(narrow)} to ${short(wide)}, and the largest would rule.`,
    ]
  return first.std < 0.5 || first.std > 2 || Math.abs(first.mean) > first.std
    ? [`Standardise (mean ${short(first.mean)}, standard deviation ${short(first.std)}).`]
    : []
}

function repairs(parts: ProfileParts): string[] {
  const gaps = features(parts).filter(({ missing, count }) => missing > 0 && count > 0)
  const unlabelled = parts.splits.reduce((sum, { fields }) => sum + (targetOf(parts, fields)?.missing ?? 0), 0)
  const heavy = features(parts)
    .filter(isNumber)
    .filter(({ outliers, count, sampled }) => (outliers?.count ?? 0) / (sampled ?? count) > HEAVY)
  return [
    ...(unlabelled > 0 ? [`Leave out ${counted(unlabelled, 'row')} without a label.`] : []),
    ...(gaps.length > 0
      ? [
          `Fill or drop what is missing in ${listed(gaps.map(({ name }) => name))}: the median for numbers, the mode or a category of its own for texts.`,
        ]
      : []),
    ...(heavy.length > 0
      ? [
          `Look at the outliers of ${listed(heavy.map(({ name }) => name))} (more than ${percent(HEAVY)} beyond Tukey’s fences): a logarithm or a limit may help.`,
        ]
      : []),
  ]
}

function columns(parts: ProfileParts): string[] {
  const { constantFeatures, modality, correlation } = parts
  const fields = features(parts)
  const empty = fields.filter(({ count }) => count === 0).map(({ name }) => name)
  const constant = fields.filter(({ unique, count }) => unique === 1 && count > 1).map(({ name }) => name)
  const useless = new Set([...empty, ...constant])
  const texts = fields.filter((field) => field.kind === 'text' && !useless.has(field.name))
  const identifiers = fields.filter(isIdentifier).map(({ name }) => name)
  const odd = texts.filter((field) => field.kind === 'text' && field.note !== undefined).map(({ name }) => name)
  const categories = texts.map(({ name }) => name).filter((name) => !identifiers.includes(name) && !odd.includes(name))
  const samples = parts.splits[0]?.samples ?? 0
  const leaves = new Set([...identifiers, ...useless])
  const pairs = correlation === undefined || samples < FEW ? [] : strongestPairs(correlation)
  const same = pairs.filter(({ a, b, r }) => Math.abs(r) >= SAME && !leaves.has(a) && !leaves.has(b))
  return [
    ...(empty.length > 0 ? [`Leave out ${listed(empty)}: there is no value.`] : []),
    ...(modality === 'table' && constant.length > 0 ? [`Leave out ${listed(constant)}: the value never changes.`] : []),
    ...(modality !== 'table' && constantFeatures > 0 && samples > 1
      ? [
          `${counted(constantFeatures, modality === 'images' ? 'pixel' : 'feature')} never change${constantFeatures === 1 ? 's' : ''} in training: harmless to a network, but not to be divided by their spread of 0.`,
        ]
      : []),
    ...(identifiers.length > 0
      ? [`Leave out ${listed(identifiers)}: every value is different, as of a name or a number of the row.`]
      : []),
    ...(odd.length > 0 ? [`Repair ${listed(odd)}: numbers with texts among them.`] : []),
    ...(categories.length > 0 ? [`Encode ${listed(categories)} as one number a category (one-hot).`] : []),
    ...(same.length > 0
      ? [
          `Leave out one of ${listed(same.map(({ a, b }) => `${a} and ${b}`).map((pair) => `(${pair})`))}: |r| is at least ${SAME}.`,
        ]
      : []),
  ]
}

function balance({ splits }: ProfileParts): string[] {
  const counts = splits[0]?.classCounts ?? []
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const rare = counts.filter((count) => count < FEWEST).length
  const together =
    counts.length > 1 && rare > 0
      ? [
          `${counted(rare, 'class has', 'classes have')} fewer than ${FEWEST} samples: join ${rare === 1 ? 'it with another' : 'them'} or leave ${rare === 1 ? 'it' : 'them'} out, for no division can give a part of ${rare === 1 ? 'it' : 'them'} to each split.`,
        ]
      : []
  if (counts.length < 2 || most / Math.max(1, least) < IMBALANCED) return together
  return [
    ...together,
    `The largest class has ${whole(most)} samples and the smallest ${whole(least)}: stratify every split, and judge by F1 or balanced accuracy.`,
  ]
}

function copies({ duplicates }: ProfileParts): string[] {
  const { withinTrain, between, conflicting } = duplicates
  return [
    ...(between > 0 ? [`Take the ${whole(between)} test samples that are in the training split out of it.`] : []),
    ...(withinTrain > 0
      ? [`${counted(withinTrain, 'copy', 'copies')} of other samples in training: drop them before any split.`]
      : []),
    ...(conflicting > 0
      ? [`${counted(conflicting, 'content')} under more than one label: look at them, no model can be right on all.`]
      : []),
  ]
}
