import { learningRateFigure } from '../../figures/index.ts'
import { describeLayer, type Layer, parameterCount } from '../../nn/index.ts'
import { duration, value, whole } from '../../report/format.ts'
import { settingText } from '../../runs/index.ts'
import { describe } from '../../train/describe.ts'
import { experimentKind } from '../../train/experiment.ts'
import { fitKind } from '../../train/fit.ts'
import { lrFindingKind } from '../../train/lrFind.ts'
import { preparedKind } from '../../train/prepare.ts'
import { bundleOf } from '../bundle.ts'

experimentKind.show((experiment) => {
  const described = describe(experiment)
  const settings = typeof described === 'object' && described !== null && !Array.isArray(described) ? described : {}
  const { model: _, name: __, ...rest } = settings
  return bundleOf([
    {
      kind: 'facts',
      caption: `Experiment ${experiment.name}`,
      facts: [
        ['model', modelText(experiment.model)],
        ...Object.entries(rest).map(([name, setting]) => [name, settingText(setting)] as const),
      ],
    },
  ])
})

/** The layers that it is made of, in order. */
const modelText = (model: Layer): string =>
  model.children === undefined ? describeLayer(model) : Object.values(model.children).map(describeLayer).join(' → ')

preparedKind.show(({ train, validation, test, transforms, leftOut, target }) => {
  const { name, inputs } = train.dataset
  return bundleOf([
    {
      kind: 'facts',
      caption: name,
      facts: [
        ['to train', whole(train.indices.length)],
        ['to validate', whole(validation.indices.length)],
        ['to test', whole(test.indices.length)],
        ['shape of a sample', inputs.shape.join('×')],
        ['task', target.task === 'classification' ? `classes ${target.classes.join(', ')}` : target.task],
        ['prepared by', transforms.map(({ kind }) => kind).join(', ') || 'nothing'],
        ...(leftOut.length > 0 ? [['left out', whole(leftOut.length)] as const] : []),
      ],
    },
  ])
})

fitKind.show(({ status, position, state, times }) => {
  const spent = Object.values(times).reduce((sum, milliseconds) => sum + milliseconds, 0)
  return bundleOf([
    {
      kind: 'facts',
      caption: `Training ${status}`,
      facts: [
        ['epochs', whole(position.epoch)],
        ['steps', whole(position.step)],
        ['parameters', whole(parameterCount(state.variables))],
        ['time', duration(spent / 1000)],
      ],
    },
  ])
})

lrFindingKind.show((finding) =>
  bundleOf([
    `Learning rate ${value(finding.suggestion)}${finding.isClear ? '' : ', not clearly: the loss hardly fell'}; lowest loss at ${value(finding.lowest)}.`,
    learningRateFigure(finding),
  ]),
)
