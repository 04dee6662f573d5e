/**
 * Sources that read files, which only Node can; pages get their arrays from a server and use `arrays`.
 *
 * @module
 */
export type { CsvOptions } from './duckdb/csvOptions.ts'
export { readCsv } from './duckdb/readCsv.ts'
export { querySql, readJson, readParquet } from './duckdb/readTable.ts'
export { type Survey, surveyFolder } from './files/survey.ts'
export { type AudioFolderOptions, audioFolder } from './sources/audioFolder.ts'
export { type Cifar10Options, cifar10 } from './sources/cifar10.ts'
export { type CsvSourceOptions, csv } from './sources/csv.ts'
export { type FashionMnistOptions, fashionMnist } from './sources/fashionMnist.ts'
export { type ImageFolderOptions, imageFolder } from './sources/imageFolder.ts'
export { type MnistOptions, mnist } from './sources/mnist.ts'
export { json, parquet, sql } from './sources/tables.ts'
