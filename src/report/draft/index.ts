export { type DraftOptions, type WrittenDraft, writeDraft } from './writeDraft.ts'
