import { keptNames } from '../../references/blocks/figures/runFolder.ts'
import { type DraftContext, plainName, under } from '../context.ts'
import { MOST_IN_TEXT, networkParts, networksOf } from './method.ts'
import { headlineOf } from './results.ts'

/** More runs than this are not listed one by one. */
const MOST_RUNS = 100

/** What the text has no room for: networks layer by layer, every run, further figures. */
export async function appendixSection(context: DraftContext): Promise<string> {
  const { expression: e, all, groups, block } = context
  if (all.length === 0) return ''
  const networks = networksOf(context)
  const drawn = await Promise.all(
    (networks.length > 1 ? networks : []).map(async (network, i) =>
      under(`## ${plainName(network.name)}`, await networkParts(context, network, String(i + 1))),
    ),
  )
  const best = headlineOf(context)
  const [run] = best?.best.runs.length === 1 ? best.best.runs : []
  const figures =
    run === undefined || best === undefined
      ? []
      : FURTHER.filter((name) => keptNames(run).includes(name)).map((name) => `figure('${name}', ${best.expression})`)
  const body = [
    ...drawn,
    all.length === 1 ? await block(`table('training', ${e})`) : '',
    ...(await Promise.all((groups.length > MOST_IN_TEXT ? LONG : []).map((tableOf) => block(tableOf(e))))),
    ...(await Promise.all(figures.map((figure) => block(figure)))),
    all.length > 1 && all.length <= MOST_RUNS ? await block(`table('runs', ${e})`) : '',
  ]
  return under('# Appendix', body)
}

/** Tables with a row a group, which the text has where groups are few. */
const LONG: readonly ((of: string) => string)[] = ['scores', 'tests', 'costs'].map(
  (name) => (of) => `table('${name}', ${of})`,
)

/** Figures of one run that it may have kept. */
const FURTHER = ['per-class', 'precision-recall', 'calibration', 'most-uncertain']
