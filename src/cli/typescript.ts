/** Lets this process import TypeScript: `import` it before, or start Node with `--import assay/typescript`. */
import { register } from 'node:module'

register('./typescriptHooks.js', import.meta.url)
