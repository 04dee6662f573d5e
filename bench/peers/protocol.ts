/**
 * What is said between the benchmark and a peer's process: one JSON value a line, a request on standard input and its
 * answer on standard output.
 *
 * @module
 */
import { z } from 'zod'
import { epochSchema } from '../work/epoch.ts'
import { workSchema } from '../work/work.ts'

/** The first request: what to do, and the data, made once. */
export const openSchema = z.object({
  work: workSchema,
  batch: z.number().int().positive(),
  /** `[batch, …sample]`, float32 in base64. */
  inputs: z.string(),
  /** Classes as int32 or numbers as float32, in base64. */
  targets: z.string(),
})

/** A matrix product of this size is done again and again instead of work: the machine's peak. */
export const gemmSchema = z.object({ gemm: z.number().int().positive() })

/** Whole epochs on MNIST, each from new weights on, in place of steps. */
export const openEpochSchema = z.object({
  epoch: epochSchema,
  /** Of MNIST's four IDX files. */
  folder: z.string(),
})

/** All others: take so many steps, or a few more where that is easier. */
export const stepsSchema = z.object({ steps: z.number().int().positive() })

/** The answer to the first request. */
export const openedSchema = z.object({
  version: z.string(),
  threads: z.number(),
  /** Trained numbers of one network. */
  parameters: z.number(),
})

/** The answer to all others. */
export const measuredSchema = z.object({
  /** Of each step, ms. */
  times: z.array(z.number()),
  /** Loss of the first and the last step; empty where there is none. */
  losses: z.array(z.number()),
  /** After each epoch, on the test split; for epochs alone. */
  accuracies: z.array(z.number()).optional(),
})

/** The answer to any request that cannot be done. */
export const errorSchema = z.object({ error: z.string() })

export type Opened = z.infer<typeof openedSchema>
export type Measured = z.infer<typeof measuredSchema>
