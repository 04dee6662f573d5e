/** Trains LeNet-5 with the same calls as in Node, away from the thread that draws the page. */
import { fit, prepare, setDefaultRuntime, webRuntime } from 'assay/web'
import { leNet } from './leNet.ts'
import type { News, Order } from './messages.ts'

const tell = (news: News): void => postMessage(news)

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  train(data).catch((error: unknown) =>
    tell({ type: 'error', message: error instanceof Error ? error.message : String(error) }),
  )
})

async function train(order: Order): Promise<void> {
  setDefaultRuntime(webRuntime(order))
  const [images, labels] = await Promise.all([bytesAt('/mnist/images'), bytesAt('/mnist/labels')])
  const experiment = leNet(images, labels)
  const prepared = await prepare(experiment)
  const times: number[] = []
  const { evaluate } = await fit(experiment, prepared, 0, {
    onStart: ({ stepsPerEpoch }) =>
      tell({ type: 'start', steps: stepsPerEpoch * experiment.epochs, epochs: experiment.epochs }),
    onStep: ({ step, loss }) => {
      times.push(performance.now())
      tell({ type: 'step', step, loss })
    },
    onEpoch: (report) => tell({ type: 'epoch', report }),
  })
  const { loss } = await evaluate(prepared.train)
  tell({ type: 'end', loss, msPerStep: median(times.slice(1).map((time, i) => time - (times[i] ?? 0))) })
}

async function bytesAt(path: string): Promise<Uint8Array> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${path} of the data cannot be had: the server answers ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
