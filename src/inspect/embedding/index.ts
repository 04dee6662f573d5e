export { type EmbeddedPlane, type Embedding, type EmbeddingOptions, embedding } from './embedding.ts'
export { type Distances, type Faithfulness, faithfulness, knnAccuracy, nearest } from './neighbours.ts'
