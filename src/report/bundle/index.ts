/**
 * What is handed in: one zip with report, code, models, figures and pictures of the training, checked by sums and by running it again.
 *
 * @module
 */
export { type Bundle, type BundleOptions, writeBundle } from './bundle.ts'
export type { Gap } from './file.ts'
export type { BundleManifest } from './manifest.ts'
export { pdfPages } from './pdfPages.ts'
export { type Check, checkBundle, type OpenedBundle, openBundle } from './verify.ts'
