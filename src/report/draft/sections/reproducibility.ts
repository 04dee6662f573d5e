import { groupScore } from '../../../audit/index.ts'
import { type DraftContext, ownPlace, paragraphs, shared, withMention } from '../context.ts'
import { DATA_SETS } from '../rules.ts'
import { headlineOf } from './results.ts'

/**
 * A checklist as conferences ask for it, answered from the manifests: what they do not tell is answered with "no" or left to the author.
 *
 * Source: Pineau et al., "Improving reproducibility in machine learning research", JMLR 22 (2021), whose questions it follows.
 */
export async function reproducibilitySection(context: DraftContext): Promise<string> {
  const { all, expression: e, block } = context
  if (all.length === 0) return ''
  const items = (await Promise.all(QUESTIONS.map((question) => question(context)))).filter((item) => item !== '')
  return paragraphs([
    '# Reproducibility {#sec:reproducibility}',
    items.map((item) => `- ${item}`).join('\n'),
    await withMention(
      'What it takes to make the runs again stands in',
      'tab:reproducibility',
      block(`table('reproducibility', ${e}, { id: 'tab:reproducibility' })`),
    ),
    ownPlace(
      'reproducibility',
      'Does the command above give your numbers on a clean machine? What would a reader need that is not here?',
    ),
  ])
}

type Question = (context: DraftContext) => Promise<string>

const QUESTIONS: readonly Question[] = [
  async ({ expression: e, groups, said }) =>
    (await said(`**Seeds.** Yes: {{ ${e}.seeds }}${groups.length > 1 ? ', in all groups together' : ''}.`)) ||
    (await said(`**Seeds.** Yes: {{ ${e}.seed }}.`)),
  async ({ expression: e, study, said }) => {
    const runs =
      (await said(`**Number of runs.** {{ ${e}.runs }}, of which {{ ${e}.finished }} finished.`)) ||
      '**Number of runs.** One.'
    return study === undefined
      ? runs
      : `${runs} ${await said(`Before them the search made {{ ${study.expression}.trials }} trials.`)}`
  },
  async ({ study, groups }) =>
    study !== undefined
      ? '**Ranges searched.** Yes: @tab:space.'
      : groups.length > 1
        ? '**Ranges searched.** The groups are all values that were tried in these runs; the manifests know of no others.'
        : '**Ranges searched.** No: the manifests tell of one configuration, and not how it was found.',
  async (context) => {
    const headline = headlineOf(context)
    if (headline === undefined) return '**Error bars.** No: there is no score.'
    const { best, metric, expression } = headline
    const own = context.facts.groups.find(({ id }) => id === best.id)
    if (own !== undefined && (groupScore(own, 'test', metric)?.n ?? 0) > 1)
      return '**Error bars.** Yes: 95 % intervals of the mean over seeds (Student’s); they hold the chance of training, not that of the test samples.'
    const hasInterval = (await context.said(`{{ ${expression}.test.${metric}.interval }}`)) !== ''
    return hasInterval
      ? '**Error bars.** In part: 95 % intervals over the test samples of one trained network; how much training again changes is not known, as there is one seed.'
      : '**Error bars.** No: there is one seed, and no interval over test samples.'
  },
  async ({ expression: e, groups, all, said }) =>
    said(
      `**Compute.** {{ ${e}.duration }}${groups.length === 1 && all.length > 1 ? ' a training (mean over the seeds)' : ''} on {{ ${e}.machine.cores }} cores of {{ ${e}.machine.cpu }}, {{ ${e}.machine.memory }}, {{ ${e}.machine.system }}.`,
    ),
  async ({ all, expression: e, said }) => {
    const isDirty = all.some(({ manifest: { code } }) => code.dirty !== undefined)
    const commit = await said(
      `**Code.** {{ ${e}.file }} at commit {{ ${e}.commit }}${isDirty ? ', with changes that the commit lacks' : ''}.`,
    )
    if (commit !== '') return commit
    const file = await said(
      `**Code.** {{ ${e}.file }}, outside a git repository or at several commits; its hash stands in the table below.`,
    )
    return file || '**Code.** No: the manifests name no one file and commit.'
  },
  async ({ all, expression: e, said }) => {
    const data = await said(
      `**Data.** Yes: {{ ${e}.data.name }}, with the fingerprint {{ ${e}.data.fingerprint }} of the training samples.`,
    )
    const known = DATA_SETS[shared(all, ({ manifest }) => manifest.data.name) ?? '']
    if (data === '') return '**Data.** The runs differ in their data; the fingerprints stand in the table below.'
    return `${data} ${known === undefined ? 'The manifests do not tell its licence.' : `Licence: ${known.licence}.`}`
  },
  async ({ all, expression: e, said }) => {
    const lock = all.every(({ manifest }) => manifest.lockFileHash !== undefined)
    return said(
      `**Environment.** Assay {{ ${e}.versions.assay }}, Node {{ ${e}.versions.node }}, ONNX Runtime {{ ${e}.versions.onnxruntime }}; ${lock ? 'the hash of the lock file is kept' : 'no lock file was there'}.`,
    )
  },
  async ({ all }) => {
    const file = shared(all, ({ manifest }) => manifest.code.file)
    const overrides = all.some(({ manifest }) => (manifest.overrides ?? []).length > 0)
    if (file === undefined) return ''
    return `**How to run it.** \`npx assay run ${file}\`${overrides ? ', with the settings that were changed on the command line (see the manifests)' : ''}.`
  },
]
