import { z } from 'zod'
import { costOf } from './cost.ts'
import { partSchema } from './network.ts'

/** A piece of work, said once for all peers: they get it as JSON and build the network with what they have. */
export const workSchema = z.object({
  /** As the command line knows it. */
  name: z.string(),
  /** As tables show it. */
  title: z.string(),
  /** What one step is: `training` and `population` are forward, backward, update and reading the loss. */
  task: z.enum(['training', 'inference', 'population']),
  /** Networks trained, each with weights of its own; 1 but for a population. */
  members: z.number().int().positive(),
  /** Shape of one sample: `[numbers]` or `[channels, height, width]`. */
  sample: z.array(z.number().int().positive()),
  /** Cross-entropy over so many classes, or the mean squared error of so many numbers. */
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('classes'), count: z.number().int().positive() }),
    z.object({ kind: z.literal('numbers'), count: z.number().int().positive() }),
  ]),
  network: z.array(partSchema),
  optimizer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('adam'), lr: z.number() }),
    z.object({ kind: z.literal('sgd'), lr: z.number(), momentum: z.number() }),
  ]),
  /** Batch sizes that are measured unless others are asked for. */
  batches: z.array(z.number().int().positive()),
})

export type Work = z.infer<typeof workSchema>

/** Floating-point operations of one step over all members, from multiply-adds alone: backward counts twice forward. */
export function flopsOf({ task, members, network, sample }: Work, batch: number): number {
  const passes = task === 'inference' ? 1 : 3
  return 2 * costOf(network, sample).multiplyAdds * batch * members * passes
}
