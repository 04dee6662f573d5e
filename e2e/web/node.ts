import 'assay/runtime/node'
import { type EpochReport, fit, prepare } from 'assay/train'
import { leNet } from './leNet.ts'
import { digits } from './serve.ts'

/** What the page's worker does, in Node. */
export async function trainInNode(): Promise<{ readonly epochs: readonly EpochReport[]; readonly loss: number }> {
  const { images, labels } = await digits()
  const experiment = leNet(images, labels)
  const prepared = await prepare(experiment)
  const epochs: EpochReport[] = []
  const { evaluate } = await fit(experiment, prepared, 0, { onEpoch: (report) => void epochs.push(report) })
  return { epochs, loss: (await evaluate(prepared.train)).loss }
}
