export { type RunScores, runScores, runScoresSchema, type SplitScores } from './runScores.ts'
