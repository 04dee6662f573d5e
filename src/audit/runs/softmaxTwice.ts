import type { Found, RunCheck } from '../check.ts'
import { kindAt, settingAt } from '../facts/facts.ts'

/** A softmax as the last layer before a cross-entropy, which has one of its own: the loss cannot fall below 1.46 with 10 classes. */
export const softmaxTwice: RunCheck = {
  id: 'softmax-twice',
  looksFor: 'a softmax before a loss that has one',
  find: ({ groups }) =>
    groups.flatMap(({ label, runs: [run] }): Found[] => {
      if (run === undefined || kindAt(run.manifest.experiment, 'loss') !== 'crossEntropy') return []
      const children = settingAt(run.manifest.experiment, 'model.children')
      const last = typeof children === 'object' && children !== null ? Object.keys(children).at(-1) : undefined
      if (last === undefined || kindAt(run.manifest.experiment, `model.children.${last}`) !== 'Softmax') return []
      const classes = run.manifest.data.classes?.length ?? 0
      const floor = Math.log(1 + (classes - 1) * Math.exp(-1))
      return [
        {
          severity: 'error',
          where: run.id,
          saw: `The network of ${label} ends with Softmax, and its loss is a cross-entropy of logits, which applies a softmax itself${classes > 1 ? `: with ${classes} classes it cannot fall below ${floor.toFixed(3)}` : ''}.`,
          why: 'Two softmaxes flatten the gradient: training is slow and probabilities are wrong.',
          mend: 'Remove the last Softmax and train again.',
        },
      ]
    }),
}
