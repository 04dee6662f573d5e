import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'

/** Each in a file of its own, which is loaded when it is asked for. */
const subjects: Readonly<Record<string, () => Promise<CommandUnknownOpts>>> = {
  activations: async () => (await import('./activations.ts')).activationsCommand,
  curvature: async () => (await import('./curvature.ts')).curvatureCommand,
  embedding: async () => (await import('./embedding.ts')).embeddingCommand,
  features: async () => (await import('./features.ts')).featuresCommand,
  generalization: async () => (await import('./generalization.ts')).generalizationCommand,
  maximize: async () => (await import('./maximize.ts')).maximizeCommand,
  'minimal-ratio': async () => (await import('./minimalRatio.ts')).minimalRatioCommand,
  'receptive-fields': async () => (await import('./receptiveFields.ts')).receptiveFieldsCommand,
  saliency: async () => (await import('./saliency.ts')).saliencyCommand,
  weights: async () => (await import('./weights.ts')).weightsCommand,
}

/** `assay inspect …`, with the one that is asked for; all of them where help is. */
export async function inspectCommand(asked: string | undefined): Promise<CommandUnknownOpts> {
  const group = new Command('inspect').description(
    'Look inside a trained network: weights, activations, features, saliency, curvature',
  )
  const known = asked !== undefined && Object.hasOwn(subjects, asked) ? subjects[asked] : undefined
  for (const load of known === undefined ? Object.values(subjects) : [known]) group.addCommand(await load())
  return group
}
