import { expect, it } from 'vitest'
import { z } from 'zod'
import { startChild } from './child.ts'

const script = `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line)
  if (request === 'fall') throw new TypeError('it fell')
  if (request === 'sleep') return
  console.log(JSON.stringify(request === 'refuse' ? { error: 'it will not' } : { twice: request * 2 }))
})`
const answer = z.object({ twice: z.number() })
const start = (patience = 30) => startChild({ file: process.execPath, args: ['-e', script] }, patience)

it('asks and is answered, in order', async () => {
  const child = start()
  expect(await Promise.all([child.ask(1, answer), child.ask(2, answer)])).toEqual([{ twice: 2 }, { twice: 4 }])
  if (process.platform === 'linux') expect(child.peakMemory()).toBeGreaterThan(2 ** 20)
  child.end()
})

it('rejects with what the peer says, or with the error it ended by', async () => {
  const child = start()
  await expect(child.ask('refuse', answer)).rejects.toThrow('it will not')
  await expect(child.ask('fall', answer)).rejects.toThrow('its process ended (1): TypeError: it fell')
  await expect(child.ask(1, answer)).rejects.toThrow('its process has ended')
})

it('loses patience, and ends the process', async () => {
  const child = start(0.2)
  await expect(child.ask('sleep', answer)).rejects.toThrow('a step took longer than 0.2 s')
})

it('tells of a program that is not there', async () => {
  const child = startChild({ file: 'no-such-program', args: [] }, 30)
  await expect(child.ask(1, answer)).rejects.toThrow('no-such-program')
})
