import type { Found, ManuscriptCheck } from '../check.ts'
import { type AuditedRun, type Facts, leavesOf } from '../facts/facts.ts'
import { type Field, TERMS, type Term } from './dictionary.ts'
import { isCited, isExpectation, isTyped, type Passage, type Sentence } from './manuscript.ts'

/**
 * Names of optimisers, losses, activations, data sets and models in prose that no run has: what is left of an earlier version, or of another
 * student's text. A name that is compared with, denied or cited is a note.
 */
export const wrongName: ManuscriptCheck = {
  id: 'wrong-name',
  looksFor: 'models, optimisers, losses, activations and data sets that no run has',
  find: ({ passages, facts }) => {
    const runs = facts.groups.flatMap((group) => group.runs)
    if (runs.length === 0) return []
    const used = usedNames(facts, runs)
    return passages
      .filter(({ isGenerated, role }) => !isGenerated && role !== 'background')
      .flatMap((passage) => passage.sentences.flatMap((sentence) => wrongNames(sentence, passage, used)))
  },
}

type Used = Readonly<Record<Field, ReadonlySet<string>>>

function wrongNames(sentence: Sentence, { id, section }: Passage, used: Used): Found[] {
  return TERMS.flatMap((term): Found[] => {
    const own = used[term.field]
    if (own.size === 0 || isUsed(term, own)) return []
    const found = Array.from(sentence.text.matchAll(term.pattern)).filter(({ index, 0: name }) =>
      isTyped(sentence, index, index + name.length),
    )
    const [first] = found.filter(({ index, 0: name }) => !isOfLonger(term, sentence.text, index, name))
    if (first === undefined) return []
    const isOthers =
      isCited(sentence) || isExpectation(sentence) || isComparison(sentence.text, first.index, first[0].length)
    const there = [...own].join(', ')
    return [
      {
        severity: isOthers ? 'note' : 'error',
        where: id,
        saw: `“${sentence.text.trim()}” (${section}) names ${first[0]}, and the ${NOUN[term.field]} of every run referred to ${own.size === 1 ? `is ${there}` : `is one of ${there}`}.`,
        why: 'Who repeats the work from the text would build another experiment than the one that gave the numbers.',
        mend: `Name what ran (a reference such as {{ run('…').${MEMBER[term.field]} }} follows it), refer to the run that used ${first[0]}, or cite whose it is.`,
      },
    ]
  })
}

const NOUN: Readonly<Record<Field, string>> = {
  model: 'model',
  optimizer: 'optimiser',
  loss: 'loss',
  activation: 'activation',
  data: 'data set',
}
const MEMBER: Readonly<Record<Field, string>> = {
  model: 'model',
  optimizer: 'optimizer',
  loss: 'loss',
  activation: 'model',
  data: 'data.name',
}

const isUsed = ({ field, kinds, name }: Term, used: ReadonlySet<string>): boolean => {
  // A family stands for its members: an experiment called "lenet5" is a LeNet.
  if (field === 'model')
    return [...used].some((own) => [...kinds, plain(name)].some((kind) => plain(own).includes(kind)))
  return kinds.some((kind) => used.has(kind))
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** "MNIST" inside "Fashion MNIST", "cross-entropy" inside "binary cross-entropy". */
function isOfLonger(term: Term, text: string, start: number, name: string): boolean {
  return TERMS.some(
    (other) =>
      other !== term &&
      Array.from(text.matchAll(other.pattern)).some(
        ({ index, 0: longer }) =>
          longer.length > name.length && index <= start && index + longer.length >= start + name.length,
      ),
  )
}

const BEFORE =
  /\b(?:instead of|rather than|unlike|not|no|never|without|compared (?:to|with)|than|in contrast to|as opposed to|other than|such as|like|variant of|similar to|inspired by|after|replac(?:es?|ing)|alternatives?(?: to| are| such as)?|nor)\s+(?:(?:the|an?|plain|standard|using|use|used|with)\s+)*$/i
const AFTER = /^\s+(?:paper|authors|was not|were not|is not|are not|has not)\b/i

const isComparison = (text: string, start: number, length: number): boolean =>
  BEFORE.test(text.slice(0, start)) || AFTER.test(text.slice(start + length))

function usedNames({ groups }: Facts, runs: readonly AuditedRun[]): Used {
  const ofSettings = (of: (path: string) => boolean): Set<string> =>
    new Set(
      runs.flatMap(({ manifest }) =>
        leavesOf(manifest.experiment).flatMap(([path, value]) =>
          typeof value === 'string' && of(path) ? [value] : [],
        ),
      ),
    )
  const texts = [
    ...groups.flatMap(({ name, label, labels }) => [name, label, ...Object.values(labels)]),
    ...runs.flatMap(({ manifest }) => [manifest.model.name, manifest.grid?.name ?? '']),
  ]
  const isModel = (text: string): boolean =>
    TERMS.some(({ field, kinds }) => field === 'model' && kinds.some((kind) => plain(text).includes(kind)))
  const activations = new Set(TERMS.flatMap(({ field, kinds }) => (field === 'activation' ? kinds : [])))
  const layers = ofSettings((path) => path.startsWith('model.') && path.endsWith('kind'))
  return {
    // Networks whose names say nothing could be anything.
    model: new Set(texts.every((text) => !isModel(text)) ? [] : texts.filter((text) => text !== '')),
    optimizer: ofSettings((path) => path === 'optimizer.kind'),
    loss: ofSettings((path) => path === 'loss.kind'),
    activation: new Set([...layers].filter((kind) => activations.has(kind))),
    data: new Set([
      ...ofSettings((path) => /^data\.(?:.*\.)?kind$/.test(path)),
      ...runs.map(({ manifest }) => manifest.data.name),
    ]),
  }
}
