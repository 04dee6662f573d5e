export {
  type InputSensitivity,
  type InputUnits,
  inputSensitivity,
  type SensitivityOptions,
} from './sensitivity.ts'
