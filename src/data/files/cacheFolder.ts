import { resolve } from 'node:path'
import envPaths from 'env-paths'

/**
 * The folder for what can be fetched or computed again: downloads and decoded samples. `ASSAY_CACHE` names another than
 * the system's (`~/.cache/assay` on Linux).
 */
export const cacheFolder = (): string => resolve(process.env.ASSAY_CACHE || envPaths('assay', { suffix: '' }).cache)
