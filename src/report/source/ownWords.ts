import type { Block } from '../document.ts'

/** Where words of the author's own begin or end. */
export type OwnMark =
  | { readonly kind: 'begin'; readonly id: string; readonly prompt: string }
  | { readonly kind: 'end' }

const BEGIN = /^<!--\s*own:\s*([\w.-]+)\s*(?:"([^"]*)")?\s*-->\s*$/
const END = /^<!--\s*\/own\s*-->\s*$/

/** `<!-- own: goals "What do you ask?" -->` and `<!-- /own -->`; nothing for other comments. */
export function ownMark(comment: string): OwnMark | undefined {
  if (END.test(comment)) return { kind: 'end' }
  const [, id, prompt = ''] = BEGIN.exec(comment) ?? []
  return id === undefined ? undefined : { kind: 'begin', id, prompt }
}

export const ownBlock = ({ id, prompt }: Extract<OwnMark, { kind: 'begin' }>, blocks: readonly Block[]): Block => ({
  kind: 'own',
  id,
  prompt,
  blocks,
})
