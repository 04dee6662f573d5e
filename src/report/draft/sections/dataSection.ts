import { settingText } from '../../../runs/index.ts'
import { settingOf } from '../../references/selection.ts'
import { type DraftContext, listed, ownPlace, paragraphs } from '../context.ts'
import { DATA_SETS } from '../rules.ts'

/** The data: what they are, how they were split, what was done to them before training. */
export async function dataSection(context: DraftContext): Promise<string> {
  const { expression: e, all, profile, said, block, cite } = context
  if (all.length === 0) return paragraphs(['# Data {#sec:data}', ownPlace('data', PROMPT)])
  const known = DATA_SETS[all[0]?.manifest.data.name ?? '']
  const name = known === undefined ? `{{ ${e}.data.name }}` : `{{ ${e}.data.name }} ${cite(known.work)}`
  const validates = all.some(({ manifest }) => manifest.data.splits.validation > 0)
  const tests = all.some(({ manifest }) => manifest.data.splits.test > 0)
  const uses = [
    `{{ ${e}.data.train }} samples train the networks`,
    ...(validates ? [`{{ ${e}.data.validation }} validate them`] : []),
    ...(tests ? [`{{ ${e}.data.test }} test them once at the end`] : []),
  ]
  const whole = `The data are ${name}: ${listed(uses)} (@tab:data). One sample has the shape {{ ${e}.data.shape }}.`
  const without = validates ? '' : ' There is no validation split.'
  const told = await said(`${whole}${without}`)
  return paragraphs([
    '# Data {#sec:data}',
    told || 'The runs differ in their data, as @tab:data tells.',
    preparation(context),
    await block(`table('data', ${e}, { id: 'tab:data' })`),
    profile === undefined ? '' : await block(`table('answers', ${profile}, { id: 'tab:answers' })`),
    profile === undefined ? '' : await block(`figure('class-balance', ${profile}, { id: 'fig:balance' })`),
    profile === undefined ? '' : await block(`figure('samples', ${profile}, { id: 'fig:samples' })`),
    await said(
      `Every run keeps a fingerprint (SHA-256) of the samples that it trained on and of those that it was tested on: {{ ${e}.data.fingerprint }} is that of the training data.`,
    ),
    ownPlace('data', PROMPT),
  ])
}

const PROMPT =
  'Where do the data come from, why do they suit your question, and what is odd about them (classes, duplicates, noise)?'

/** Transforms that were fitted, which Assay does on the training split alone. */
function preparation({ all }: DraftContext): string {
  const kinds = new Set(
    all.flatMap(({ manifest }) => {
      const prepare = settingOf(manifest.experiment, 'prepare')
      return Array.isArray(prepare) ? prepare.flatMap((one) => settingText(settingOf(one, 'kind')) || []) : []
    }),
  )
  return kinds.size === 0
    ? ''
    : `Before training the inputs are transformed (${listed([...kinds].map((kind) => `\`${kind}\``))}); what a transform has to know of the data it learns from the training split alone.`
}
