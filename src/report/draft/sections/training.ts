import type { Run } from '../../../runs/index.ts'
import { settingOf } from '../../references/selection.ts'
import { type DraftContext, listed, withMention } from '../context.ts'
import { DIVERGENCE, LOSSES, OPTIMIZERS, SCHEDULES, VARIANTS } from '../rules.ts'

/** Kinds of all layers of a network. */
export function layerKinds(experiment: Run['manifest']['experiment']): string[] {
  return Array.from(
    JSON.stringify(settingOf(experiment, 'model') ?? {}).matchAll(/"kind":"(\w+)"/g),
    ([, kind = '']) => kind,
  )
}

const isSummed = (runs: readonly Run[]): boolean =>
  runs.every(({ manifest }) => settingOf(manifest.experiment, 'loss.reduction') === 'sum')
const isLatent = (runs: readonly Run[]): boolean =>
  runs.every(({ manifest }) => layerKinds(manifest.experiment).includes('GaussianLatent'))

/** Kinds that a strategy of the runs has. */
export const kindsOf = (runs: readonly Run[], path: string): string[] => [
  ...new Set(
    runs.flatMap(({ manifest }) => {
      const kind = settingOf(manifest.experiment, `${path}.kind`)
      return typeof kind === 'string' ? [kind] : []
    }),
  ),
]

/** Whether a setting of some run is above zero, or true. */
export const isSet = (runs: readonly Run[], path: string): boolean =>
  runs.some(({ manifest }) => {
    const setting = settingOf(manifest.experiment, path)
    return setting === true || (typeof setting === 'number' && setting > 0)
  })

/** What settings change in the rules of optimisers. */
function variants({ all, cite }: DraftContext): string {
  const found = VARIANTS.flatMap(({ setting, kinds, says, work }) => {
    const own = all.filter(({ manifest }) =>
      kinds.some((kind) => kind === settingOf(manifest.experiment, 'optimizer.kind')),
    )
    return isSet(own, `optimizer.${setting}`) ? [`${says}${work === undefined ? '' : ` ${cite(work)}`}.`] : []
  })
  return found.join(' ')
}

/** The loss and the rules that minimise it, the budget, and where all settings stand. */
export async function training(context: DraftContext): Promise<string[]> {
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
  const smoothed = isSet(all, 'loss.labelSmoothing')
    ? '; with label smoothing a share of each target is spread evenly over all classes'
    : ''
  const minimised = formula === undefined ? 'The loss is minimised' : 'It is minimised'
  return [
    formula === undefined
      ? ''
      : `The loss is the ${formula.name}\n\n$$${formula.tex}$$ {#eq:loss}\n\nwhere ${formula.letters}${isSummed(all) ? '; of a sample with several outputs their losses are added up' : ''}${smoothed}.`,
    isLatent(all)
      ? `To it comes, for each sample, the divergence of its code from the standard normal distribution ${cite('kingma2014')},\n\n$$${DIVERGENCE}$$ {#eq:divergence}\n\nwhere $\\mu_j$ and $\\sigma_j$ are mean and standard deviation of the numbers of the code, and $\\beta$ is the weight of the divergence.`
      : '',
    rules.length === 1 && rule !== undefined
      ? `${minimised} by ${rule.name} ${cite(rule.work)}, whose step is\n\n$$${rule.tex}$$ {#eq:optimizer}\n\nwhere $g$ is the gradient of the loss with respect to the parameters $\\theta$, $\\eta$ is the learning rate, and ${rule.letters}.`
      : '',
    rules.length > 1
      ? `${minimised} by ${listed(rules.map(({ name, work }) => `${name} ${cite(work)}`))}. Here $g$ is the gradient of the loss with respect to the parameters $\\theta$, and $\\eta$ is the learning rate.`
      : '',
    ...(rules.length > 1
      ? rules.map(({ name, tex, letters, kind }) =>
          `${upper(name)}: $$${tex}$$ {#eq:${kind}}\n\nwhere ${letters}.`.replace(': $$', ':\n\n$$'),
        )
      : []),
    variants(context),
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
