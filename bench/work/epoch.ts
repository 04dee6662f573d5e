import { z } from 'zod'
import { convnet } from './convnet.ts'
import { workSchema } from './work.ts'

/** An epoch on MNIST as a whole job, said once for all peers. */
export const epochSchema = z.object({
  work: workSchema,
  batch: z.number().int().positive(),
  /** Samples trained on. */
  training: z.number().int().positive(),
  /** Samples validated on at the end. */
  validation: z.number().int().positive(),
})

export type Epoch = z.infer<typeof epochSchema>

/** As the command line knows it. */
export const EPOCH = 'epoch'

/** Samples of MNIST that are left to train on. */
export const TRAINING = 50_000

export const epochOf = (training: number, batch: number): Epoch => ({
  work: convnet,
  batch,
  training,
  validation: 10_000,
})
