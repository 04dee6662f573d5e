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
