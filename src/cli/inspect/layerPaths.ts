/** Reads `--layer`: paths with commas between, or `all`. */
export const layerPaths = (text: string): 'all' | string[] =>
  text === 'all' ? 'all' : text.split(',').map((path) => path.trim())
