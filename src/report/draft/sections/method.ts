import { expressionOf } from '../../../audit/index.ts'
import { type Run, type RunGroup, settingText } from '../../../runs/index.ts'
import { settingOf } from '../../references/selection.ts'
import { type DraftContext, listed, ownPlace, paragraphs, shared, under } from '../context.ts'
import { DIVERGENCE, LAYERS, LOSSES, NETWORKS, OPTIMIZERS, SCHEDULES } from '../rules.ts'

/** More networks are drawn in the appendix. */
const MOST_NETWORKS = 1
/** Groups whose tables stand in the text; those of more are in the appendix. */
export const MOST_IN_TEXT = 8

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

function layerKinds(experiment: Run['manifest']['experiment']): string[] {
  return Array.from(
    JSON.stringify(settingOf(experiment, 'model') ?? {}).matchAll(/"kind":"(\w+)"/g),
    ([, kind = '']) => kind,
  )
}

const isSummed = (runs: readonly Run[]): boolean =>
  runs.every(({ manifest }) => settingOf(manifest.experiment, 'loss.reduction') === 'sum')
const isLatent = (runs: readonly Run[]): boolean =>
  runs.every(({ manifest }) => layerKinds(manifest.experiment).includes('GaussianLatent'))

const kindsOf = (runs: readonly Run[], path: string): string[] => [
  ...new Set(
    runs.flatMap(({ manifest }) => {
      const kind = settingOf(manifest.experiment, `${path}.kind`)
      return typeof kind === 'string' ? [kind] : []
    }),
  ),
]

async function training(context: DraftContext): Promise<string[]> {
  const { all, expression: e, cite, said, block } = context
  const [loss, ...otherLosses] = kindsOf(all, 'loss')
  const formula = otherLosses.length === 0 ? LOSSES[loss ?? ''] : undefined
  const rules = kindsOf(all, 'optimizer').flatMap((kind) => {
    const rule = OPTIMIZERS[kind]
    return rule === undefined ? [] : [{ ...rule, kind }]
  })
  const [rule] = rules
  const schedules = kindsOf(all, 'schedule').flatMap((kind) => SCHEDULES[kind] ?? [])
  const regularizers = kindsOf(all, 'regularizers.0')
  return [
    formula === undefined
      ? ''
      : `The loss is the ${formula.name}\n\n$$${formula.tex}$$ {#eq:loss}\n\nwhere ${formula.letters}${isSummed(all) ? '; of a sample with several outputs their losses are added up' : ''}.`,
    isLatent(all)
      ? `To it comes, for each sample, the divergence of its code from the standard normal distribution ${cite('kingma2014')},\n\n$$${DIVERGENCE}$$ {#eq:divergence}\n\nwhere $\\mu_j$ and $\\sigma_j$ are mean and standard deviation of the numbers of the code, and $\\beta$ is the weight of the divergence.`
      : '',
    rules.length === 1 && rule !== undefined
      ? `It is minimised by ${rule.name} ${cite(rule.work)}, whose step is\n\n$$${rule.tex}$$ {#eq:optimizer}\n\nwhere $g$ is the gradient of the loss with respect to the parameters $\\theta$, $\\eta$ is the learning rate, and ${rule.letters}.`
      : '',
    rules.length > 1
      ? `It is minimised by ${listed(rules.map(({ name, work }) => `${name} ${cite(work)}`))}. Here $g$ is the gradient of the loss with respect to the parameters $\\theta$, and $\\eta$ is the learning rate.`
      : '',
    ...(rules.length > 1
      ? rules.map(({ name, tex, letters, kind }) =>
          `${upper(name)}: $$${tex}$$ {#eq:${kind}}\n\nwhere ${letters}.`.replace(': $$', ':\n\n$$'),
        )
      : []),
    (await said(
      `Training takes {{ ${e}.epochs }} epochs in batches of {{ ${e}.batchSize }} samples, with the optimiser {{ ${e}.optimizer }} and a learning rate of {{ ${e}.lr }}.`,
    )) || (await said(`Training takes {{ ${e}.epochs }} epochs in batches of {{ ${e}.batchSize }} samples.`)),
    schedules.length === 0
      ? ''
      : `The learning rate ${listed(schedules.map(({ name, work }) => `${name}${work === undefined ? '' : ` ${cite(work)}`}`))}${kindsOf(all, 'schedule').length > 1 ? ' in some of the runs' : ''}.`,
    regularizers.length === 0 ? '' : `Regularisers: ${listed(regularizers.map((kind) => `\`${kind}\``))}.`,
    await withMention(
      'All settings stand in',
      'tab:settings',
      block(`table('hyperparameters', ${e}, { id: 'tab:settings' })`),
    ),
  ]
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** A block with the sentence that points at it. */
export async function withMention(text: string, id: string, made: Promise<string>): Promise<string> {
  const block = await made
  return block === '' ? '' : `${text} @${id}.\n\n${block}`
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
          `The runs are {{ ${e}.cells }} groups${axes.length === 0 ? '' : ` along ${listed(axes)}`}; ${hasValidation ? 'where one of them is called the best, the validation split chose it' : 'there is no validation split, so that nothing could be chosen without the test split'}. Each run was tested once, with the weights that its training ended with.`,
        )
      : '',
    groups.length === 1 && study === undefined
      ? `Nothing was chosen among several runs here${hasValidation ? ', and the validation split served to watch the training' : ''}. If you tried other settings before, say so below.`
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
  isCell(group) ? `{{ ${ofGroup(context, group)}.cell }}` : `\`${group.label}\``
