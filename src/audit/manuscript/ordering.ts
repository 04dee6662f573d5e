import type { Mention, Subject } from './subjects.ts'
import { mentionsIn } from './subjects.ts'

/** What a sentence says of two things: that the first is better, worse, larger or smaller; denied: that it is not. */
export interface OrderClaim {
  readonly first: Mention
  readonly second: Mention
  readonly says: 'better' | 'worse' | 'larger' | 'smaller'
  readonly isDenied: boolean
  readonly text: string
}

const METRIC =
  '(?:[\\w-]+\\s+){0,3}?(?:accurac(?:y|ies)|scores?|f1|auc|loss(?:es)?|errors?|mse|rmse|mae|recall|precision|parameters|weights|performance|results?|time)'
const HOW =
  '(?:(?:clearly|slightly|significantly|consistently|always|also|even|again|far|much|a bit|a little|marginally|easily|still|by far|substantially|considerably|only|just|narrowly)\\s+)*'

/** Wordings between the names, each with what it says of the first. */
const WORDINGS: readonly (readonly [pattern: string, says: OrderClaim['says']])[] = [
  [
    '(?:beats?|beat|outperform(?:s|ed)?|exceed(?:s|ed)?|surpass(?:es|ed)?|outdo(?:es)?|outdid|wins? (?:over|against)|won (?:over|against)|tops?|dominates?d?|improves? (?:on|over|upon))',
    'better',
  ],
  [
    '(?:is|was|are|were|performs?|performed|does|did|do|works?|worked|generali[sz]e[sd]?|fares?|scores?|scored)\\s+HOW(?:better|superior|more accurate|stronger|higher)(?:\\s+(?:on|in|by)\\s+METRIC)?\\s+(?:than|to)',
    'better',
  ],
  [
    '(?:is|was|are|were|performs?|performed|does|did|do|works?|worked|generali[sz]e[sd]?|fares?|scores?|scored)\\s+HOW(?:worse|inferior|less accurate|weaker|lower)(?:\\s+(?:on|in|by)\\s+METRIC)?\\s+(?:than|to)',
    'worse',
  ],
  ['(?:is|was|are|were)\\s+HOW(?:beaten|outperformed|surpassed|exceeded)\\s+by', 'worse'],
  [
    '(?:loses? to|lost to|underperform(?:s|ed)?|falls? (?:short of|behind)|fell (?:short of|behind)|lags? behind|trails?)',
    'worse',
  ],
  [
    '(?:(?:has|have|had|gets?|got|gives?|gave|reach(?:es|ed)?|achiev(?:es|ed)|attains?|attained|shows?|showed|obtains?|obtained|yields?|yielded|with|uses?|needs?)\\s+)HOW(?:an?\\s+|the\\s+)?HOW(?:better)\\s+METRIC\\s+than',
    'better',
  ],
  [
    '(?:(?:has|have|had|gets?|got|gives?|gave|reach(?:es|ed)?|achiev(?:es|ed)|attains?|attained|shows?|showed|obtains?|obtained|yields?|yielded|with|uses?|needs?)\\s+)HOW(?:an?\\s+|the\\s+)?HOW(?:worse)\\s+METRIC\\s+than',
    'worse',
  ],
  [
    '(?:(?:has|have|had|gets?|got|gives?|gave|reach(?:es|ed)?|achiev(?:es|ed)|attains?|attained|shows?|showed|obtains?|obtained|yields?|yielded|with|uses?|needs?)\\s+)HOW(?:an?\\s+|the\\s+)?HOW(?:higher|larger|greater|more)\\s+METRIC\\s+than',
    'larger',
  ],
  [
    '(?:(?:has|have|had|gets?|got|gives?|gave|reach(?:es|ed)?|achiev(?:es|ed)|attains?|attained|shows?|showed|obtains?|obtained|yields?|yielded|with|uses?|needs?)\\s+)HOW(?:an?\\s+|the\\s+)?HOW(?:lower|smaller|fewer|less)\\s+METRIC\\s+than',
    'smaller',
  ],
]

const compiled = WORDINGS.map(
  ([pattern, says]) =>
    [
      new RegExp(
        `^[^.;:!?]{0,50}?(?<not>\\b(?:does|do|did|is|was|are|were|has|have|had|can|could)(?:\\s+not|n[’']t)\\s+|\\bnever\\s+|\\b(?:fails?|failed) to\\s+|\\b(?:is|was|does|performs?) no\\s+)?(?:\\b${HOW})${pattern.replaceAll('METRIC', METRIC).replaceAll('HOW', HOW)}(?:\\s+(?:the|that of|those of|all of|both|its?|an?|plain|our|network|model|baseline|trained|with|on))*\\s*$`,
        'i',
      ),
      says,
    ] as const,
)
/** "A is no better than B": the "no" stands where the verb was. */
const NO_BETTER = new RegExp(
  `^[^.;:!?]{0,30}?\\b(?:is|was|are|were|performs?|performed|does|did)\\s+(?:no|not|not any)\\s+${HOW}(?<which>better|worse|more accurate|less accurate)\\s+than(?:\\s+the)?\\s*$`,
  'i',
)
const CONJUNCTION = /^\s*(?:\([^)]*\)\s*)?(?:,|and|or|,\s*and|as well as|&|both)\s*(?:the\s+)?$/i
const PARENTHESIS = /\([^()]*\)/g

/**
 * What a sentence claims of the order of groups: "A beats B and C" is two claims.
 */
export function orderClaims(text: string, subjects: readonly Subject[]): OrderClaim[] {
  // What stands in parentheses ("ResNet18 (99.1 %) beats …") is blanked, so that places stay what they are.
  const open = text.replace(PARENTHESIS, (inside) => ' '.repeat(inside.length))
  const mentions = mentionsIn(open, subjects)
  const claims: OrderClaim[] = []
  for (const [i, first] of mentions.entries()) {
    const second = mentions[i + 1]
    if (second === undefined) break
    const said = verbOf(open.slice(first.end, second.start))
    if (said === undefined) continue
    const firsts = chain(mentions, i, -1, open)
    const seconds = chain(mentions, i + 1, 1, open)
    for (const a of firsts)
      for (const b of seconds)
        if (a.groups.some((group) => !b.groups.includes(group)))
          claims.push({ first: a, second: b, ...said, text: text.slice(a.start, b.end) })
  }
  return claims
}

function verbOf(between: string): Pick<OrderClaim, 'says' | 'isDenied'> | undefined {
  const none = NO_BETTER.exec(between)?.groups?.which
  if (none !== undefined) return { says: /^(?:better|more)/i.test(none) ? 'better' : 'worse', isDenied: true }
  for (const [pattern, says] of compiled) {
    const found = pattern.exec(between)
    if (found !== null) return { says, isDenied: found.groups?.not !== undefined }
  }
  return undefined
}

/** A name with those that are listed beside it. */
function chain(mentions: readonly Mention[], from: number, direction: 1 | -1, text: string): Mention[] {
  const [start] = mentions.slice(from)
  if (start === undefined) return []
  const all = [start]
  for (let i = from + direction; ; i += direction) {
    const [next, last] = [mentions[i], all.at(-1)]
    if (next === undefined || last === undefined || i < 0) return all
    const gap = direction === 1 ? text.slice(last.end, next.start) : text.slice(next.end, last.start)
    if (!CONJUNCTION.test(gap)) return all
    all.push(next)
  }
}
