import { expressionOf } from '../../../audit/index.ts'
import { type Run, type RunGroup, settingText } from '../../../runs/index.ts'
import { settingOf } from '../../references/selection.ts'
import { type DraftContext, listed, ownPlace, paragraphs, plainName, shared, under, withMention } from '../context.ts'
import { LAYERS, NETWORKS } from '../rules.ts'
import { isSet, kindsOf, layerKinds, training } from './training.ts'

/** More networks are drawn in the appendix. */
const MOST_NETWORKS = 1
/** Groups whose tables stand in the text; those of more are in the appendix. */
export const MOST_IN_TEXT = 8
/** Groups that are compared two by two in words; of more the table of tests tells. */
export const MOST_IN_WORDS = 4

/** A network, and a group that trained it. */
export interface Network {
  readonly name: string
  readonly expression: string
}

/** Every network of the runs once. */
export function networksOf({ groups, runs, all }: DraftContext): Network[] {
  const found = new Map<string, Network>()
  for (const group of groups) {
    const [run] = group.runs
    const key = JSON.stringify(run?.manifest.model.layers)
    if (run === undefined || found.has(key)) continue
    const isAll = shared(all, ({ manifest }) => manifest.model.layers) !== undefined
    found.set(key, { name: run.manifest.name, expression: isAll ? (runs?.expression ?? '') : expressionOf(group) })
  }
  return [...found.values()]
}

/** Layers table and drawing of a network. */
export async function networkParts(
  { said, block }: DraftContext,
  { expression: e }: Network,
  suffix: string,
): Promise<string[]> {
  const figure = await block(`figure('architecture', ${e}, { id: 'fig:network${suffix}' })`)
  const table = await block(`table('layers', ${e}, { id: 'tab:layers${suffix}' })`)
  const where = [figure && `@fig:network${suffix}`, table && `@tab:layers${suffix}`].filter((text) => text !== '')
  return [
    await said(
      `The network {{ ${e}.model }} has {{ ${e}.parameters }} parameters${where.length === 0 ? '' : ` (${where.join(' and ')})`}.`,
    ),
    figure,
    table,
  ]
}

/** How it was done: networks, training, selection, budget. */
export async function methodSection(context: DraftContext): Promise<string> {
  if (context.all.length === 0) return ''
  return paragraphs([
    '# Method {#sec:method}',
    ownPlace('method', 'Why these networks and these settings? What did you vary, what did you keep, and why?'),
    under('## Networks', await networks(context)),
    under('## Training', await training(context)),
    under('## Selection', await selection(context)),
    under('## Budget', await budget(context)),
  ])
}

async function networks(context: DraftContext): Promise<string[]> {
  const { all, cite } = context
  const found = networksOf(context)
  const families = NETWORKS.filter(([pattern]) => found.some(({ name }) => pattern.test(name)))
  const kinds = new Set(all.flatMap(({ manifest }) => layerKinds(manifest.experiment)))
  const layers = LAYERS.filter(([pattern]) => [...kinds].some((kind) => pattern.test(kind)))
  const cited = [
    families.length === 0
      ? ''
      : `By their names the networks follow ${listed(families.map(([, name, work]) => `${name} ${cite(work)}`))}.`,
    layers.length === 0 ? '' : `They use ${listed(layers.map(([, name, work]) => `${name} ${cite(work)}`))}.`,
  ]
  const [first] = found
  if (found.length > MOST_NETWORKS || first === undefined)
    return [
      await context.said(
        `The networks are ${listed(found.map(({ expression }) => `{{ ${expression}.model }} ({{ ${expression}.parameters }} parameters)`))}; their layers stand in the appendix.`,
      ),
      cited.filter(Boolean).join(' '),
    ]
  return [...(await networkParts(context, first, '')), cited.filter(Boolean).join(' ')]
}

async function selection(context: DraftContext): Promise<string[]> {
  const { groups, all, expression: e, study, said, block } = context
  const axes = [...new Set(groups.flatMap(({ runs: [run] }) => Object.keys(run?.manifest.grid?.labels ?? {})))]
  const hasValidation = all.every(({ manifest }) => manifest.data.splits.validation > 0)
  const stopping = kindsOf(all, 'earlyStopping')
  const monitor = shared(all, ({ manifest }) => settingText(settingOf(manifest.experiment, 'monitor')))
  return [
    groups.length > 1
      ? await said(
          `The runs are {{ ${e}.cells }} groups${axes.length === 0 ? '' : ` along ${listed(axes.map(plainName))}`}; ${hasValidation ? 'where one of them is called the best, the validation split chose it' : 'not all of them have a validation split, so that where one is called the best without it, the training split chose it'}. ${tested(all)}`,
        )
      : '',
    groups.length === 1 && study === undefined
      ? `Nothing was chosen among several runs here${hasValidation ? ', and the validation split served to watch the training' : ''}. ${tested(all)} If you tried other settings before, say so below.`
      : '',
    study === undefined
      ? ''
      : await said(
          `Settings were searched in {{ ${study.expression}.trials }} trials ({{ ${study.expression}.complete }} complete) by {{ ${study.expression}.objective }}.`,
        ),
    study === undefined
      ? ''
      : await withMention(
          'What was searched in which range stands in',
          'tab:space',
          block(`table('space', ${study.expression}, { id: 'tab:space' })`),
        ),
    stopping.length === 0
      ? ''
      : `Training could stop early${monitor === undefined || monitor === '–' ? '' : `, by \`${monitor}\``}.`,
    groups.length > 1 && groups.length <= MOST_IN_TEXT
      ? await withMention(
          'In what the groups differ is told by',
          'tab:differing',
          block(`table('settings', ${e}, { id: 'tab:differing' })`),
        )
      : '',
    ownPlace(
      'selection',
      'What else did you try, by which split did you choose, and how many runs did that take in all?',
    ),
  ]
}

/** With which weights runs were tested: where training could stop early they are not the last. */
function tested(all: readonly Run[]): string {
  const monitor = shared(all, ({ manifest }) => settingText(settingOf(manifest.experiment, 'monitor')))
  const kinds = [
    isSet(all, 'earlyStopping.restoreBest')
      ? `those of the best epoch${monitor === undefined || monitor === '–' ? '' : ` by \`${monitor}\``} where it could stop early`
      : '',
    kindsOf(all, 'averaging').length > 0 ? 'a running average of them where weights were averaged' : '',
  ].filter(Boolean)
  const which = kinds.length === 0 ? '' : ` (${[...kinds, 'else those of the last epoch'].join(', ')})`
  return `Each run was tested once, with the weights that its training ended with${which}.`
}

async function budget({ expression: e, groups, said, block }: DraftContext): Promise<string[]> {
  return [
    await said(
      groups.length === 1
        ? `A training takes {{ ${e}.duration }} on {{ ${e}.machine.cores }} cores of {{ ${e}.machine.cpu }} with {{ ${e}.machine.memory }} of memory.`
        : `All trainings together take {{ ${e}.duration }} on {{ ${e}.machine.cores }} cores of {{ ${e}.machine.cpu }} with {{ ${e}.machine.memory }} of memory.`,
    ),
    groups.length > 1 && groups.length <= MOST_IN_TEXT
      ? await withMention(
          'What each network costs stands in',
          'tab:costs',
          block(`table('costs', ${e}, { id: 'tab:costs' })`),
        )
      : '',
  ]
}

/** A group's expression. */
export const ofGroup = ({ groups, runs }: DraftContext, group: RunGroup): string =>
  groups.length === 1 && runs !== undefined ? runs.expression : expressionOf(group)

export const isCell = ({ runs }: RunGroup): boolean => runs.every(({ manifest }) => manifest.grid !== undefined)

/** A group in a sentence: its cell of the grid, else what tells it from the others, as a name. */
export const nameOf = (context: DraftContext, group: RunGroup): string =>
  isCell(group) ? `{{ ${ofGroup(context, group)}.cell }}` : `\`${group.label.replaceAll('`', '’')}\``
