import * as z from 'zod'
import { foldIn, type Key } from '../../random/index.ts'
import type { Shape } from '../../tensor/index.ts'
import { parseConfig } from '../config.ts'
import type { Config } from '../layer.ts'
import type { Weights } from '../variables.ts'
import { fanInUniform, fansOf, type Initializer } from './initializer.ts'
import { orthogonal } from './orthogonal.ts'
import { constantInit, normalInit, onesInit, pytorchDefault, uniformInit, zerosInit } from './plain.ts'
import { kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, xavierNormal, xavierUniform } from './scaled.ts'

/** Options of layers that draw their weights. */
export interface InitOptions {
  /** How the weight is drawn; default {@link pytorchDefault}. */
  readonly init?: Initializer | undefined
  /** How the bias is drawn; default uniform in ±1/√fanIn of the weight, as in PyTorch. */
  readonly biasInit?: Initializer | undefined
}

/** For those that have no options. */
const bare =
  (make: () => Initializer) =>
  (config: Config): Initializer => {
    const made = make()
    parseConfig(made.kind, z.strictObject({}), config)
    return made
  }

/** From a description's options, which each checks for itself. */
const builtIn: Readonly<Record<string, (config: Config) => Initializer>> = {
  pytorchDefault: bare(pytorchDefault),
  kaimingUniform,
  kaimingNormal,
  xavierUniform,
  xavierNormal,
  lecunUniform: bare(lecunUniform),
  lecunNormal: bare(lecunNormal),
  orthogonal,
  normal: normalInit,
  uniform: uniformInit,
  zeros: bare(zerosInit),
  ones: bare(onesInit),
  constant: (config) => constantInit(parseConfig('constant', z.strictObject({ value: z.number() }), config).value),
}

const isInitializer = (value: unknown): value is Initializer =>
  typeof value === 'object' && value !== null && 'make' in value && typeof value.make === 'function' && 'kind' in value

const description = z.looseObject({ kind: z.string() })

/**
 * An initialiser as an option: the value, or as `--set model.1.init=orthogonal` and manifests have it, its name, or
 * `{"kind": "normal", "std": 0.02}`.
 */
export const initOption = z
  .unknown()
  .transform((value, context): Initializer => {
    if (isInitializer(value)) return value
    const parsed = description.safeParse(typeof value === 'string' ? { kind: value } : value)
    if (parsed.success) {
      const { kind, ...config } = parsed.data
      const make = Object.hasOwn(builtIn, kind) ? builtIn[kind] : undefined
      if (make !== undefined) return make(config)
    }
    const message =
      typeof value === 'function'
        ? 'call it, as in kaimingNormal()'
        : `give an initialiser; there are ${Object.keys(builtIn).join(', ')}`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  .optional()

/** Both options, for a layer's schema. */
export const initSchema = { init: initOption, biasInit: initOption }

/** As plain data, for a layer's configuration: what was not given is not there. */
export function describeInit({ init, biasInit }: InitOptions): Config {
  const plain = ({ kind, config }: Initializer): Config => ({ kind, ...config })
  return { ...(init && { init: plain(init) }), ...(biasInit && { biasInit: plain(biasInit) }) }
}

/**
 * A weight and its bias, each with chance of its own.
 *
 * @param biases how many; 0: none
 */
export function weightAndBias(
  key: Key,
  shape: Shape,
  biases: number,
  { init = pytorchDefault(), biasInit }: InitOptions,
): { readonly weight: Weights; readonly bias?: Weights } {
  const weight = { shape, data: init.make(foldIn(key, 'weight'), shape) }
  if (biases === 0) return { weight }
  const own = foldIn(key, 'bias')
  const bias =
    biasInit === undefined
      ? fanInUniform(own, [biases], fansOf('the bias', shape).fanIn)
      : { shape: [biases], data: biasInit.make(own, [biases]) }
  return { weight, bias }
}
