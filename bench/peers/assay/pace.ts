import type { Measured } from '../protocol.ts'
import type { Contestant } from '../serve.ts'

/** The part of the hooks of `fit` that pacing needs. */
export interface Pacemaker {
  onStart(): Promise<void>
  onStep(step: { readonly loss: number }): void
  onEpoch(): Promise<void>
}

/**
 * Makes a training that runs by itself take turns: it waits between epochs until it is asked for more steps. The first step
 * of an epoch is not measured, because it would count the end of the epoch before.
 *
 * @param epoch steps of an epoch
 */
export async function paced(
  parameters: number,
  epoch: number,
  start: (hooks: Pacemaker) => Promise<unknown>,
): Promise<Contestant> {
  let times: number[] = []
  let losses: number[] = []
  let epochs = 0
  let before: number | undefined
  let goOn = (): void => {}
  let stopped = (): void => {}
  let failed = (_: unknown): void => {}
  const nextStop = (): Promise<void> =>
    new Promise((resolve, reject) => {
      stopped = resolve
      failed = reject
    })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve
      stopped()
    })

  const ready = nextStop()
  const training = start({
    onStart: stop,
    onStep: ({ loss }) => {
      const now = performance.now()
      if (before !== undefined) times.push(now - before)
      before = now
      losses.push(loss)
    },
    onEpoch: async () => {
      before = undefined
      epochs -= 1
      if (epochs <= 0) await stop()
    },
  })
  training.catch((error: unknown) => failed(error))
  await ready

  return {
    parameters,
    run: async (steps): Promise<Measured> => {
      times = []
      losses = []
      epochs = Math.ceil(steps / (epoch - 1))
      const done = nextStop()
      goOn()
      await done
      return { times, losses: [...losses.slice(0, 1), ...losses.slice(-1)] }
    },
  }
}
