import { UsageError } from '../errors.ts'

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
