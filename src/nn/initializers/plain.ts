/**
 * Initialisers that look at nothing but the number of values, and PyTorch's default.
 *
 * @module
 */
import * as z from 'zod'
import { normal, uniform } from '../../random/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import { fanInUniform, fansOf, type Initializer } from './initializer.ts'

const always = (kind: string, config: Initializer['config'], value: number): Initializer => ({
  kind,
  config,
  make: (_, shape) => new Float32Array(sizeOf(shape)).fill(value),
})

/** All 0: for biases, or for the last layer of a residual block, which then starts as the identity. */
export const zerosInit = (): Initializer => always('zeros', {}, 0)

/** All 1. */
export const onesInit = (): Initializer => always('ones', {}, 1)

const constantSchema = z.strictObject({ value: z.number() })

/** All `value`. A weight without chance gives all units of a layer the same gradient: for biases, or for tests. */
export function constantInit(value: number): Initializer {
  const config = parseConfig('constantInit', constantSchema, { value })
  return always('constant', config, config.value)
}

const normalSchema = z.strictObject({ mean: z.number(), std: z.number().min(0) })

/**
 * Normal numbers, whatever the layer's size.
 *
 * @param options.mean default 0
 * @param options.std default 1, which is far too much for any wide layer: choose it, or take {@link kaimingNormal}
 * @example
 * linear(10, { init: normalInit({ std: 0.01 }) })
 */
export function normalInit(options: { readonly mean?: number; readonly std?: number } = {}): Initializer {
  const config = parseConfig('normalInit', normalSchema, { mean: 0, std: 1, ...options })
  return { kind: 'normal', config, make: (key, shape) => normal(key, sizeOf(shape), config) }
}

const uniformSchema = z
  .strictObject({ low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'low must be below high')

/**
 * Uniform numbers in [low, high), whatever the layer's size.
 *
 * @param options.low default 0
 * @param options.high default 1
 * @example
 * linear(10, { init: uniformInit({ low: -0.05, high: 0.05 }) })
 */
export function uniformInit(options: { readonly low?: number; readonly high?: number } = {}): Initializer {
  const config = parseConfig('uniformInit', uniformSchema, { low: 0, high: 1, ...options })
  return { kind: 'uniform', config, make: (key, shape) => uniform(key, sizeOf(shape), config) }
}

/** What PyTorch does for linear and convolutional layers, and what layers do here unless told otherwise: see {@link fanInUniform}. */
export const pytorchDefault = (): Initializer => ({
  kind: 'pytorchDefault',
  config: {},
  make: (key, shape) => fanInUniform(key, shape, fansOf('pytorchDefault', shape).fanIn).data,
})
