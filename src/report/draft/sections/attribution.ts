import { type DraftContext, ownPlace, paragraphs } from '../context.ts'
import { DATA_SETS } from '../rules.ts'

/** Who made what: texts, code, images, data and weights, as own, used or adapted. What the manifests do not know is the author's to fill in. */
export async function attributionSection(context: DraftContext): Promise<string> {
  const { all } = context
  const data = [...new Set(all.map(({ manifest }) => manifest.data.name))]
  const files = [...new Set(all.flatMap(({ manifest }) => manifest.code.file ?? []))]
  const rows = [
    ['this text: what stands at marked places', 'own', 'the author', '–', '–'],
    [
      'this text: sentences, tables and formulas between them',
      'used',
      'drafted by Assay from the runs',
      'MIT',
      'say what you changed',
    ],
    ...files.map((file) => [`code: \`${file}\``, 'say: own, used or adapted', '', '', '']),
    ['code: training, evaluation, figures', 'used', 'Assay', 'MIT', 'nothing'],
    ['code: tensor programs', 'used', 'ONNX Runtime, Microsoft', 'MIT', 'nothing'],
    ['figures and tables', 'own', 'drawn from the runs', '–', '–'],
    ...data.map((name) => {
      const known = DATA_SETS[name]
      return known === undefined
        ? [`data: \`${name}\``, 'say: own, used or adapted', '', '', '']
        : [
            `data: ${known.name} ${context.cite(known.work)}`,
            'used',
            known.from,
            known.licence,
            'split and transformed as told above',
          ]
    }),
    ...(all.length === 0 ? [] : [['weights', 'own', 'trained in these runs', '–', '–']]),
  ]
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return paragraphs([
    '# Attribution {#sec:attribution}',
    'What is own work, what is used as it was and what was adapted stands in @tab:attribution.',
    'Table: Who made what. {#tab:attribution}',
    [
      line(['what', 'own, used or adapted', 'from where', 'licence', 'what changed']),
      '| --- | --- | --- | --- | --- |',
      ...rows.map(line),
    ].join('\n'),
    ownPlace(
      'attribution',
      'Add every text, piece of code, image, data set and weight file that is not in the table (also what a language model wrote), with its source and licence.',
    ),
  ])
}
