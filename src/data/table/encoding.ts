import * as z from 'zod'

const columnEncodingSchema = z.discriminatedUnion('as', [
  /** As it is; truth values are 1 and 0. */
  z.strictObject({ as: z.literal('number'), column: z.string() }),
  /** Days from `since`, which is in days from 1970-01-01: float32 would round days from then to minutes. */
  z.strictObject({ as: z.literal('days'), column: z.string(), since: z.number() }),
  /** One number a category, 1 where the sample is of it; with `other`, one more for categories that are not listed. */
  z.strictObject({ as: z.literal('oneHot'), column: z.string(), categories: z.array(z.string()), other: z.boolean() }),
  /** The category's place in the list, from 0; with `other`, one beyond the last for those that are not listed. */
  z.strictObject({ as: z.literal('ordinal'), column: z.string(), categories: z.array(z.string()), other: z.boolean() }),
])

const targetEncodingSchema = z.discriminatedUnion('task', [
  z.strictObject({ task: z.literal('classification'), column: z.string(), classes: z.array(z.string()) }),
  z.strictObject({ task: z.literal('regression'), columns: z.array(z.string()) }),
])

/**
 * How the columns of a table become the numbers of a sample and its target: plain data, learnt from training rows and kept with the
 * run, so that other rows are encoded alike.
 */
export const encodingSchema = z.strictObject({
  features: z.array(columnEncodingSchema),
  target: targetEncodingSchema,
})

export type Encoding = Readonly<z.infer<typeof encodingSchema>>
export type ColumnEncoding = Readonly<z.infer<typeof columnEncodingSchema>>
export type TargetEncoding = Readonly<z.infer<typeof targetEncodingSchema>>

/** How many numbers of a sample a column becomes. */
export const widthOf = (encoding: ColumnEncoding): number =>
  encoding.as === 'oneHot' ? encoding.categories.length + (encoding.other ? 1 : 0) : 1

/**
 * A name for each number of a sample.
 *
 * @example
 * featureNames(dataset.encoding) // ['age', 'sex=female', 'sex=male']
 */
export const featureNames = ({ features }: Encoding): string[] =>
  features.flatMap((feature) =>
    feature.as === 'oneHot'
      ? [...feature.categories, ...(feature.other ? ['(other)'] : [])].map((name) => `${feature.column}=${name}`)
      : [feature.column],
  )
