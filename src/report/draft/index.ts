export { writeDraft } from './writeDraft.ts'
