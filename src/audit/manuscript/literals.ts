import type { Quantity } from '../facts/numberFact.ts'
import { isTyped, type Sentence } from './manuscript.ts'

/** A number that was typed. */
export interface Literal {
  readonly start: number
  readonly end: number
  /** As it is written, with its unit. */
  readonly text: string
  /** In its unit: 98.5 of "98.5 %". */
  readonly value: number
  /** Half of its last digit: what it may differ by from the number that was rounded. */
  readonly half: number
  readonly unit: 'percent' | 'points' | 'seconds' | 'none'
  /** What the words beside it say that it counts. */
  readonly quantity?: Quantity
  /** "over 99 %" holds where a number lies above. */
  readonly bound?: 'above' | 'below'
  /** "the first 3 epochs" lie within what is counted. */
  readonly isWithin: boolean
}

const MONTH =
  '(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)'
const POWER = '[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]'

/** Numbers that count or measure nothing. */
const NOT_MEASURED: readonly RegExp[] = [
  // Addresses, versions, dates and times.
  /\b(?:https?:\/\/|www\.|doi:)\S+|\S+@\S+\.\w+/gi,
  /\b\d+\.\d+\.\d+\S*/g,
  /\b\d{4}-\d{2}(?:-\d{2})?\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g,
  new RegExp(
    `\\b\\d{1,2}\\.? ${MONTH}\\b(?:,? \\d{4})?|\\b${MONTH} \\d{1,2}(?:st|nd|rd|th)?\\b(?:,? \\d{4})?|\\b${MONTH},? \\d{4}\\b`,
    'g',
  ),
  /\b(?:19|20)\d{2}\b(?!\.\d|\s?%|\s+(?:\w+\s+)?(?:samples|images|examples|steps|epochs|parameters|weights|points|rows|runs|trials|iterations|units|neurons)\b)(?<=(?:\b(?:in|since|from|year|of|until|before|after|al\.,?|by|[A-Z]\w+,?|and|[;,–-])\s?|[([]\s?)\d{4})/g,
  // Sizes, chains of layers, pairs and ranges of values.
  new RegExp(`\\b\\d+(?:\\s?[×x]\\s?\\d+)+\\b(?!\\^|${POWER})`, 'g'),
  /\b\d+(?:\s?[–→-]\s?\d+){2,}/g,
  /[[(]\s*[-−]?\d+(?:\.\d+)?\s*,\s*[-−]?\d+(?:\.\d+)?\s*[\])]/g,
  /\b0\s?(?:to|and|–|-|…|\.\.\.?)\s?(?:1|9|255)\b(?!\.\d)/g,
  // Places in this or another text, and things that are numbered.
  /\b(?:Sections?|Secs?\.|Figures?|Figs?\.|Tables?|Tabs?\.|Equations?|Eqs?\.|Chapters?|Chs?\.|Appendix|Appendices|Parts?|Steps?|Items?|Questions?|Tasks?|Exercises?|Problems?|Homeworks?|HW|Assignments?|Pages?|pp?\.|Lines?|Listings?|Algorithms?|Theorems?|Versions?|Python|Node(?:\.js)?|CUDA|(?:ONNX )?Runtime|PyTorch|TensorFlow|Keras|JAX|NumPy|Assay|TypeScript|Deno|Debian|Ubuntu|Layers?|Blocks?|Stages?|Class(?:es)?|Digits?|Labels?|Levels?|Groups?|Models?|Networks?|Trials?|Folds?|Seeds?|Runs?|Week|Lecture|Type|vol\.|no\.)\s+(?:of\s+)?#?\d+(?:\.\d+)*[a-z]?\b(?:\s?(?:,|,? and|to|–|-|&|,? or)\s?\d+(?:\.\d+)*\b)*(?!\.?\d|\s?(?:%|percent|per cent|points|pp\b))/gi,
  /\b\d+(?:st|nd|rd|th)\b/gi,
  /^\s*\(?\d{1,2}[.)]\s|\(\d{1,2}\)/g,
  // What statistics always say.
  /\b9[059](?:\.\d)?\s?%(?=[\s-]*(?:confidence|intervals?|CIs?\b|level|credible|percentile|bootstrap|Wilson|Student))/gi,
  /\bp\s?[<>≤≥]\s?0?\.\d+|(?:α|\balpha|significance(?: level)?)\s*(?:=|of)?\s*0?\.\d+/gi,
  // Licences.
  /\b(?:CC|BY(?:-\w+)*|Apache|L?GPL|AGPL|BSD|MPL|OFL)[\s-]+(?:licen[cs]e,? )?(?:v(?:ersion )?)?\d+(?:\.\d+)*/g,
  // Layers are counted in many ways: with or without activations, as in the name of ResNet18.
  /\b\d+\s+(?:\p{L}+[\s-]){0,2}layers?\b/giu,
  // "3-layer", "10-fold", "top-5".
  /\b\d+-(?!\d)\p{L}+/gu,
]

const NUMBER = new RegExp(
  [
    '(?<![\\p{L}\\p{N}_.#/\\\\]|\\p{L}-|\\d[,:])',
    '(?<sign>[-−](?=[\\d.]))?',
    '(?=\\.?\\d)(?<whole>\\d{1,3}(?:[,\\u202f\\u00a0’]\\d{3})+(?!\\d)|\\d+)?(?<fraction>\\.\\d+)?',
    `(?<power>[eE][-+−]?\\d+|\\s?[×x·]\\s?10(?:\\^\\{?[-−]?\\d+\\}?|${POWER}+))?`,
    '(?<scale>\\s?(?:k|K|M)(?![\\p{L}\\d])|\\s(?:thousand|million|billion)\\b)?',
    '(?<unit>\\s?(?:%|‰)|\\s?(?:percentage points?|percent\\b|per cent\\b|points\\b|pp\\b)|\\s?(?:ms|milliseconds?|secs?|seconds?|s|mins?|minutes?|h|hours?)(?![\\p{L}\\d]))?',
    '(?<rest> \\d{1,2} (?:s|sec|min))?',
    '(?![\\p{L}\\p{N}_]|\\.\\d)',
  ].join(''),
  'gu',
)

/** `10^-3` and `10⁻³` alone. */
const TEN_TO = new RegExp(`\\b10(?:\\^\\{?(?<plain>[-−]?\\d+)\\}?|(?<raised>${POWER}+))`, 'gu')

const SCALES: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, billion: 1e9 }
const SECONDS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|millis)/, 1e-3],
  [/^s/, 1],
  [/^m/, 60],
  [/^h/, 3600],
]

/** Every typed number of a sentence that counts or measures something. */
export function literalsOf(sentence: Sentence): Literal[] {
  const { text } = sentence
  const masked = NOT_MEASURED.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ({ index, 0: found }) => [index, index + found.length] as const),
  )
  const isMeasured = (start: number, end: number): boolean =>
    isTyped(sentence, start, end) && !masked.some(([from, to]) => from < end && to > start)
  const powers = Array.from(text.matchAll(TEN_TO)).filter(({ index }) => !/[×x·]\s?$/.test(text.slice(0, index)))
  const inPower = (at: number): boolean => powers.some(({ index, 0: all }) => at >= index && at < index + all.length)
  const found = [
    ...powers.map((match) => powerOf(match, text)),
    ...Array.from(text.matchAll(NUMBER))
      .filter(({ index, 0: all }) => all !== '' && !inPower(index))
      .map((match) => numberOf(match, text)),
  ]
  return found.filter(({ start, end }) => isMeasured(start, end)).sort((a, b) => a.start - b.start)
}

function powerOf({ index, 0: all, groups = {} }: RegExpExecArray, text: string): Literal {
  const value = 10 ** exponentOf(groups.plain ?? groups.raised ?? '0')
  return { ...placed(index, all, text), value, half: value / 2, unit: 'none', ...wordsBeside(index, all, text) }
}

const exponentOf = (text: string): number =>
  Number(
    text.replace(/[⁻−]/g, '-').replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁺]/g, (sign) => '0123456789+'['⁰¹²³⁴⁵⁶⁷⁸⁹⁺'.indexOf(sign)] ?? ''),
  )

const placed = (start: number, all: string, text: string) => ({
  start,
  end: start + all.length,
  text: text.slice(start, start + all.length).trim(),
})

function numberOf({ index, 0: all, groups = {} }: RegExpExecArray, text: string): Literal {
  const whole = (groups.whole ?? '0').replace(/[,\u202f\u00a0’]/g, '')
  const digits = groups.fraction?.slice(1) ?? ''
  const power =
    groups.power === undefined ? 0 : exponentOf(groups.power.replace(/^.*(?:[eE]|10\^?\{?)/u, '').replace('}', ''))
  const scale = (SCALES[groups.scale?.trim().toLowerCase() ?? ''] ?? 1) * 10 ** power
  const unitText = groups.unit?.trim().toLowerCase() ?? ''
  const seconds = SECONDS.find(([pattern]) => pattern.test(unitText))?.[1]
  const unit = /^(%|percent$|per cent)/.test(unitText)
    ? 'percent'
    : /^(percentage|points|pp)/.test(unitText)
      ? 'points'
      : seconds === undefined
        ? 'none'
        : 'seconds'
  const sign = groups.sign === undefined ? 1 : -1
  const size = scale * (seconds ?? 1)
  const rest =
    groups.rest === undefined || seconds === undefined ? 0 : (Number.parseInt(groups.rest, 10) * seconds) / 60
  const beside = wordsBeside(index, all, text)
  // "about 207,000" is rounded to its last digit that is not zero.
  const zeros = digits === '' && beside.isRound ? (whole.match(/0+$/)?.[0].length ?? 0) : 0
  const last = rest > 0 ? size / 60 : size * 10 ** (zeros - digits.length)
  const { isRound: _, ...told } = beside
  return {
    ...placed(index, all, text),
    value: sign * Number(`${whole}.${digits}`) * size + rest,
    half: last / 2,
    unit,
    ...told,
  }
}

const QUALIFIER =
  '(?:training|test|validation|trainable|learnable|learned|random|different|full|total|labell?ed|independent|free|held-out|wrong|misclassified|correct|handwritten|digit|CPU|finished|trained|unseen|separate|distinct|whole|more|of the)'
const NOUNS: readonly (readonly [nouns: string, quantity: Quantity])[] = [
  ['parameters|weights', 'parameters'],
  ['epochs?', 'epochs'],
  ['seeds?', 'seeds'],
  ['runs|trainings', 'runs'],
  ['samples|images|examples|points|rows|records', 'samples'],
  ['classes|categories', 'classes'],
  ['models|networks|architectures|cells|configurations|groups|settings', 'groups'],
  ['cores|CPUs', 'cores'],
  ['GB|GiB', 'memory'],
]
const AFTER = NOUNS.map(
  ([nouns, quantity]) => [new RegExp(`^[\\s\u00a0]+(?:${QUALIFIER}\\s+){0,2}(?:${nouns})\\b`, 'i'), quantity] as const,
)

const LINK = '(?:\\s+(?:was|is|were|are|of|at|to|set to|equal to|about|around|only|a|the))*\\s*(?:[=:]\\s*)?\\(?$'
const SETTINGS: readonly (readonly [names: string, quantity: Quantity])[] = [
  ['epochs?', 'epochs'],
  ['batch(?:es)?(?:[ -]sizes?)?(?: of)?', 'batchSize'],
  ['learning[ -]rates?|\\blr|step size|η', 'learningRate'],
  ['weight[ -]decay', 'weightDecay'],
  ['momentum', 'momentum'],
  ['dropout(?: (?:rate|probability))?', 'dropout'],
]
const BEFORE = SETTINGS.map(([names, quantity]) => [new RegExp(`\\b(?:${names})${LINK}`, 'i'), quantity] as const)

const ABOVE =
  /\b(?:over|above|more than|at least|exceed(?:s|ed|ing)?|beyond|better than|higher than|greater than|upwards of)\s+(?:about\s+)?$|[>≥]\s?$/i
const BELOW =
  /\b(?:under|below|less than|at most|fewer than|worse than|lower than|smaller than|up to|within)\s+(?:about\s+)?$|[<≤]\s?$/i
const ROUND = /\b(?:about|approximately|approx\.|roughly|around|nearly|almost|some|circa|ca\.)\s+$|[~≈]\s?$/i
const WITHIN =
  /\b(?:first|after|every|last|within|another|before|at|in|by|than|until|from)\s+(?:the\s+|about\s+|only\s+)?$/i

/** What stands before and after a number: what it counts, and how sharply it is meant. */
function wordsBeside(start: number, all: string, text: string) {
  const before = text.slice(Math.max(0, start - 60), start)
  const after = text.slice(start + all.length)
  const noun = AFTER.find(([pattern]) => pattern.test(after))
  const setting = BEFORE.find(([pattern]) => pattern.test(before))
  const quantity = noun?.[1] ?? setting?.[1]
  const bound = ABOVE.test(before) ? ('above' as const) : BELOW.test(before) ? ('below' as const) : undefined
  const isNumbered = noun === undefined && quantity === 'epochs'
  return {
    ...(quantity !== undefined && { quantity }),
    ...(bound !== undefined && { bound }),
    isWithin: isNumbered || WITHIN.test(before) || /^\s+(?:more|fewer|less)\b/.test(after),
    isRound: ROUND.test(before) || bound !== undefined,
  }
}
