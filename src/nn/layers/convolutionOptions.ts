/**
 * What the layers of convolutions have in common: windows, and their configuration as it is shown.
 *
 * @module
 */
import * as z from 'zod'
import { type Pair, ShapeError } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { describeInit, type InitOptions } from '../initializers/option.ts'
import type { Config } from '../layer.ts'

/** For height and width. */
export const both = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value)

/** Zeros before and after an axis that keep its size; an odd one goes after, as in PyTorch. */
export function samePadding(kernel: number, dilation: number): readonly [number, number] {
  const total = dilation * (kernel - 1)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/** Refuses padding that keeps a map's size where steps make it smaller. */
export function requireStrideOne(what: string, padding: unknown, strides: readonly number[], options: unknown): void {
  if (padding === 'same' && strides.some((step) => step > 1))
    parseConfig(what, z.never({ error: "padding 'same' needs stride 1; give the padding as a number" }), options)
}

const DEFAULTS: Config = { stride: 1, padding: 0, outputPadding: 0, dilation: 1, groups: 1 }

/** The configuration without what is as it is by default. */
export function shown({ init, biasInit, ...config }: Config & InitOptions): Config {
  const said = Object.entries(config).filter(([name, value]) => !(name in DEFAULTS && DEFAULTS[name] === value))
  return { ...Object.fromEntries(said), ...describeInit({ init, biasInit }) }
}

/** Refuses channels that do not go into groups. */
export function requireGroups(what: string, groups: number, into: number, out: number): void {
  if (into % groups !== 0 || out % groups !== 0)
    throw new ShapeError(
      `${what} in ${groups} groups needs channels that ${groups} divides, and has ${into} in, ${out} out`,
    )
}
