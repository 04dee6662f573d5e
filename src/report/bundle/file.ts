/** A file of a bundle: bytes that were made for it, or a file that is there. */
export interface BundleFile {
  /** Its place in the bundle, with slashes. */
  readonly path: string
  readonly content: { readonly bytes: Uint8Array } | { readonly file: string }
  /** In a few words: what stands in the bundle's list. */
  readonly what: string
  /** Id of the run that it is of. */
  readonly run?: string
}

/** Something that is not as it should be. */
export interface Gap {
  /** What it is about, as a heading in a list: `report`, `code`, `models/convnet`. */
  readonly about: string
  readonly text: string
  /** Whether the bundle cannot be handed in so. */
  readonly isRequired: boolean
}

/** What one part of a bundle came to. */
export interface Part {
  readonly files: readonly BundleFile[]
  readonly gaps: readonly Gap[]
}

export const textFile = (path: string, text: string, what: string, run?: string): BundleFile => ({
  ...{ path, what },
  content: { bytes: new TextEncoder().encode(text) },
  ...(run !== undefined && { run }),
})

export const required = (about: string, text: string): Gap => ({ about, text, isRequired: true })
export const noted = (about: string, text: string): Gap => ({ about, text, isRequired: false })
