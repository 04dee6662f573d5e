/**
 * What is handed in: one zip with report, code, models, figures and pictures of the training, checked by sums and by running it again.
 *
 * @module
 */
export { type Bundle, type BundleOptions, writeBundle } from './bundle.ts'
export type { BundleManifest } from './manifest.ts'
export { countedPages, pdfPages } from './pdfPages.ts'
export { type Check, checkBundle, openBundle } from './verify.ts'
