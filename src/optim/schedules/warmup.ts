import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { constant } from './constant.ts'
import { type Schedule, share } from './schedule.ts'

const length = z.number().int().min(1).optional()
const isSchedule = (value: unknown): value is Schedule =>
  typeof value === 'object' && value !== null && 'factor' in value && typeof value.factor === 'function'
const schema = z
  .strictObject({
    steps: length,
    epochs: length,
    start: share,
    followedBy: z.custom<Schedule>(isSchedule, 'give a schedule, as in cosine()'),
  })
  .refine(
    ({ steps, epochs }) => (steps === undefined) !== (epochs === undefined),
    'say how long it is by one of steps and epochs',
  )

export interface WarmupOptions {
  /** How long it is: optimiser steps, or `epochs`. */
  readonly steps?: number
  /** How long it is: epochs, or `steps`. */
  readonly epochs?: number
  /** Share of the learning rate at the first step; default 0.01. */
  readonly start?: number
  /** What follows; default: the learning rate as it is. */
  readonly followedBy?: Schedule
}

/**
 * The learning rate rises in a line from `start` times itself, then another schedule takes over, which sees only the steps
 * that are left: a cosine spans those, milestones count from the end of the warm-up, a plateau has all scores. It is
 * PyTorch's `SequentialLR` of a `LinearLR` and the other; s + (1 - s)·step/length as long as step < length. Large batches
 * and high rates need it (Goyal et al., 2017), and so does Adam before its moments are worth something.
 *
 * @throws UsageError at the first step of a training that is no longer than the warm-up
 * @example
 * warmup({ epochs: 5, followedBy: cosine() })
 */
export function warmup(options: WarmupOptions): Schedule {
  const { start, followedBy, ...size } = parseConfig('warmup', schema, {
    start: 0.01,
    followedBy: constant(),
    ...options,
  })
  const lengthIn = (stepsPerEpoch: number): number => size.steps ?? (size.epochs ?? 0) * stepsPerEpoch
  return {
    kind: 'warmup',
    config: { ...size, start, followedBy: { kind: followedBy.kind, ...followedBy.config } },
    factor: (step, steps, context) => {
      const own = lengthIn(context.stepsPerEpoch)
      if (own >= steps)
        throw new UsageError(
          `warmup: it takes ${own} steps and the whole training ${steps}, so the learning rate would never be reached: ` +
            'make it shorter, or train for more epochs',
        )
      return step < own ? start + ((1 - start) * step) / own : followedBy.factor(step - own, steps - own, context)
    },
    with: (changes) => warmup(changed(options, changes)),
  }
}

const INNER = 'followedBy.'

/** `followedBy.gamma` is an option of what follows; one way to say the length takes the other's place. */
function changed(options: WarmupOptions, changes: Readonly<Record<string, unknown>>): WarmupOptions {
  const { steps, epochs, followedBy = constant(), ...rest } = options
  const entries = Object.entries(changes)
  const inner = entries
    .filter(([name]) => name.startsWith(INNER))
    .map(([name, value]) => [name.slice(INNER.length), value])
  const next = inner.length === 0 ? followedBy : followedBy.with?.(Object.fromEntries(inner))
  if (next === undefined)
    throw new UsageError(`warmup: ${followedBy.kind}() has nothing to set, and so no "${inner[0]?.[0]}"`)
  return {
    ...rest,
    ...('steps' in changes || 'epochs' in changes
      ? {}
      : { ...(steps !== undefined && { steps }), ...(epochs !== undefined && { epochs }) }),
    followedBy: next,
    ...Object.fromEntries(entries.filter(([name]) => !name.startsWith(INNER))),
  }
}
