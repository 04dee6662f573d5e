import pc from 'picocolors'
import type { EventOf } from './watcher.ts'

const counted = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`

/** What is about to be trained, and what was left out of its data. */
export function startLines(event: EventOf<'start'>): string[] {
  const { name, seed, turn, turns, parameters, samples, epochs, stepsPerEpoch, step, leftOut } = event
  const about =
    `${pc.bold(name)}, seed ${seed}${turns > 1 ? ` (${turn} of ${turns})` : ''}: ${counted(parameters, 'parameter')}, ` +
    `${counted(samples, 'training sample')}, ${counted(epochs, 'epoch')} of ${counted(stepsPerEpoch, 'step')}` +
    `${step > 0 ? `; going on after step ${step.toLocaleString('en')}` : ''}`
  return turn === 1 && leftOut.count > 0 ? [about, leftOutLine(leftOut)] : [about]
}

/** What a training of several is called. */
export const runName = ({ name, seed }: Pick<EventOf<'start'>, 'name' | 'seed'>): string => `${name}, seed ${seed}`

/** `epoch 2/5: train loss 0.3121, validation loss 0.2874`. */
export function epochText({ epochs }: EventOf<'start'>, { report }: EventOf<'epoch'>): string {
  const train = 'train' in report ? report.train.loss : undefined
  const validation = report.validation?.loss
  const losses = [
    ...(train === undefined ? [] : [`train loss ${figure(train)}`]),
    ...(validation === undefined ? [] : [`validation loss ${figure(validation)}`]),
  ]
  return `epoch ${Number(report.epoch.toFixed(2))}/${epochs}: ${losses.join(', ')}`
}

function leftOutLine({ count, first }: EventOf<'start'>['leftOut']): string {
  const some = first.map(({ item, reason }) => `${item}: ${reason}`).join('; ')
  return `left out of the data: ${count.toLocaleString('en')} (${some}${count > first.length ? '; …' : ''}); all are in the run’s left-out.json`
}

/** Samples a second since now, and the seconds that are left of all epochs. */
export function speed({ epochs, samples, step, stepsPerEpoch }: EventOf<'start'>) {
  const began = performance.now()
  const left = samples * (epochs - step / stepsPerEpoch)
  return ({ samples: done }: EventOf<'step'>): { readonly rate: number; readonly eta: number } => {
    const rate = done / ((performance.now() - began) / 1000)
    return { rate, eta: Math.max(0, left - done) / rate }
  }
}

/** `1 h 4 min`, `4 min`, `12 s`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 120) return `${whole} s`
  const minutes = Math.round(whole / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Four significant digits, trailing zeros kept, so that what changes does not jump. */
export const figure = (value: number): string => value.toPrecision(4)
