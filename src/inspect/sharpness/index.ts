export {
  adaptiveSharpness,
  epsilonSharpness,
  type Sharpness,
  type SharpnessOptions,
  sharpnessText,
} from './sharpness.ts'
