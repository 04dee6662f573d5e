import type { SplitPredictions } from '../../metrics/index.ts'
import type { Variables } from '../../nn/index.ts'
import type { Experiment, Prepared } from '../../train/index.ts'
import type { ImageSection } from '../content.ts'
import { canvasOf } from './canvas.ts'
import { latentModel } from './latentModel.ts'
import { generatedImages, latentPlane, latentWalk } from './latentSpace.ts'
import { reconstructions } from './reconstructions.ts'

/**
 * Pictures of a run whose network makes images: what it makes of test images and, around a `gaussianLatent`, what its decoder makes
 * of standard normal numbers. Nothing for other runs.
 */
export async function imageSections(
  { variables, predictions }: { readonly variables: Variables; readonly predictions?: SplitPredictions },
  prepared: Prepared,
  {
    experiment: { loss, model },
    seed,
  }: { readonly experiment: Pick<Experiment, 'loss' | 'model'>; readonly seed: number },
): Promise<ImageSection[]> {
  const canvas = canvasOf(prepared, loss)
  if (canvas === undefined) return []
  const made: ImageSection[] = []
  if (predictions?.task === 'regression') {
    const pictures = [await reconstructions(predictions, prepared.test.dataset, loss, canvas)]
    made.push({ title: 'Reconstructions', pictures })
  }
  const latent = latentModel(model, variables)
  if (latent === undefined) return made
  made.push({ title: 'Generated images', pictures: [await generatedImages(latent, seed, canvas)] })
  if (latent.size !== 2) return made
  const plane = prepared.test.dataset.length > 0 ? [await latentPlane(latent, prepared)] : []
  made.push({ title: 'Latent plane', pictures: [await latentWalk(latent, canvas), ...plane] })
  return made
}
