export { type WrittenDraft, writeDraft } from './writeDraft.ts'
