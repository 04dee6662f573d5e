/** Numbers as sentences have them: three digits. */
export const three = (value: number): string => String(Number(value.toPrecision(3)))

/** Of a share of 1. */
export const percent = (share: number): string => `${three(100 * share)} %`

/** A layer by its path. */
export const named = (path: string): string => (path === '' ? 'the model' : path)
