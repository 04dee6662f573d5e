import { UsageError } from '../errors.ts'
import type { Json } from '../train/index.ts'

/** A parser for an option that takes a whole number of at least `least`. */
export const wholeNumber =
  (option: string, least: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new UsageError(`${option} is "${text}": give a whole number of at least ${least}`)
    return value
  }

/** A parser for an option that takes a number above 0. */
export const positive =
  (option: string) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
      throw new UsageError(`${option} is "${text}": give a number above 0`)
    return value
  }

/** A parser for an option that takes any number. */
export const number =
  (option: string) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${option} is "${text}": give a number`)
    return value
  }

/** A parser for an option that takes a list of seeds: `0,1,2`. */
export const seedList =
  (option: string) =>
  (text: string): readonly number[] => {
    const seeds = text.split(',').map(Number)
    if (text.trim() === '' || seeds.some((seed) => !Number.isSafeInteger(seed) || seed < 0))
      throw new UsageError(`${option} is "${text}": give whole numbers of at least 0, as in 0,1,2`)
    if (new Set(seeds).size < seeds.length)
      throw new UsageError(`${option} is "${text}": a seed twice trains the same twice; leave one out`)
    return seeds
  }

/**
 * A parser for an option that takes `name=value`; the value is read as JSON where it is JSON, else as text.
 *
 * @param example of what to write
 */
export const assignment =
  (option: string, example: string) =>
  (text: string): readonly [name: string, value: Json] => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError(`${option} ${text}: write name=value, for instance ${option} ${example}`)
    const raw = text.slice(at + 1)
    try {
      return [text.slice(0, at), JSON.parse(raw)]
    } catch {
      return [text.slice(0, at), raw]
    }
  }
