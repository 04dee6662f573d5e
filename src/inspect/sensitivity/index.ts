export { type Balance, balance, type Weighed } from './balance.ts'
export { drawn, MEASURES, type Measures, type MeasuresOptions, measures, measuresSchema } from './measures.ts'
export {
  type InputSensitivity,
  type InputUnits,
  inputSensitivity,
  type SensitivityOptions,
} from './sensitivity.ts'
