/**
 * Classical models that a network has to beat, behind one interface and judged as networks are.
 *
 * @module
 * @example
 * for (const model of [majority(), knn(), logisticRegression(), linearSvm(), ridge(), randomForest()]) {
 *   const { test, seconds } = await baseline(experiment, model)
 *   console.log(model.kind, test?.scores.accuracy, seconds)
 * }
 */
export type { Answers, Baseline, FittedBaseline, Table } from './baseline.ts'
export { type KnnOptions, knn } from './knn.ts'
export { type LinearSvmOptions, linearSvm } from './linear/linearSvm.ts'
export { type LogisticRegressionOptions, logisticRegression } from './linear/logisticRegression.ts'
export { type RidgeOptions, ridge } from './linear/ridge.ts'
export { majority } from './majority.ts'
export { type BaselineOptions, type BaselineResult, type BaselineScores, baseline } from './run.ts'
export { type RandomForestOptions, randomForest } from './trees/randomForest.ts'
