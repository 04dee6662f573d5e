import type { RunReportContent, ShownSample } from '../content.ts'
import type { Block, Section } from '../document.ts'
import { percent, score } from '../format.ts'

/** The samples that a reader should look at: as pictures, or as rows of a table. */
export function sampleSections({ mistakes, uncertain }: RunReportContent): Section[] {
  return [
    {
      title: 'Worst mistakes',
      blocks:
        mistakes?.length === 0
          ? [{ kind: 'paragraph', text: 'The model made no mistake on the test split.' }]
          : shown(
              mistakes,
              'Test examples that the model got wrong with the most confidence. Look at the labels too: some may be wrong.',
            ),
    },
    {
      title: 'Most uncertain',
      blocks: shown(
        uncertain,
        'Test examples about which the model was least sure, right or wrong: the highest entropy of its probabilities. The margin is the probability of the predicted class less that of the second.',
      ),
    },
  ]
}

function shown(samples: readonly ShownSample[] = [], caption: string): Block[] {
  if (samples.length === 0) return []
  return samples.every(({ png }) => png !== undefined) ? [gallery(samples, caption)] : [table(samples, caption)]
}

const isRight = ({ label, predicted }: ShownSample): boolean => label === predicted

const gallery = (samples: readonly ShownSample[], caption: string): Block => ({
  kind: 'gallery',
  caption,
  items: samples.flatMap((sample) => {
    const { png, label, predicted, confidence, margin, index } = sample
    if (png === undefined) return []
    return {
      picture: { png, alt: `Test example ${index}: true class ${label}, predicted ${predicted}.` },
      lines: [
        isRight(sample) ? `${label}, told rightly` : `${label}, taken for ${predicted}`,
        `confidence ${percent(confidence, 1)}`,
        `margin ${percent(margin, 1)}`,
        `test example ${index}`,
      ],
    }
  }),
})

function table(samples: readonly ShownSample[], caption: string): Block {
  const names = [...new Set(samples.flatMap(({ columns = [] }) => columns.map(([name]) => name)))]
  return {
    kind: 'table',
    caption,
    columns: [
      { title: 'test example' },
      { title: 'true class' },
      { title: 'predicted' },
      { title: 'confidence', kind: 'number' },
      { title: 'margin', kind: 'number' },
      { title: 'entropy', kind: 'number' },
      ...names.map((title) => ({ title })),
    ],
    rows: samples.map(({ index, label, predicted, confidence, margin, entropy, columns = [] }) => [
      String(index),
      label,
      predicted,
      percent(confidence, 1),
      percent(margin, 1),
      score(entropy),
      ...names.map((name) => columns.find(([own]) => own === name)?.[1] ?? ''),
    ]),
  }
}
