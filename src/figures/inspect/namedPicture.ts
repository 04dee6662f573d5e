import type { Figure } from '../figure.ts'
import type { SavedPicture } from '../render.ts'

/** A picture, its name as a file's, and a sentence of what its numbers say. */
export interface NamedPicture {
  readonly name: string
  readonly sentence: string
  readonly picture: Figure | SavedPicture
}
