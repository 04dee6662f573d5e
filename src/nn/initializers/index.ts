export { type Fans, fanInUniform, fansOf, filled, type Initializer } from './initializer.ts'
export type { InitOptions } from './option.ts'
export { orthogonal } from './orthogonal.ts'
export { constantInit, normalInit, onesInit, pytorchDefault, uniformInit, zerosInit } from './plain.ts'
export {
  type GainOptions,
  gainOf,
  type KaimingOptions,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  type Nonlinearity,
  xavierNormal,
  xavierUniform,
} from './scaled.ts'
export { withInit } from './withInit.ts'
