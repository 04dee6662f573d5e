import { architectureKind } from '../../figures/architecture/index.ts'
import { figureKind } from '../../figures/figure.ts'
import { imageGridKind } from '../../figures/imageGrid.ts'
import { pictureKind } from '../../figures/render.ts'
import { bundleOf } from '../bundle.ts'

figureKind.show((figure) => bundleOf([figure]))

imageGridKind.show((png) => bundleOf([{ picture: { png, alt: 'images in a grid' } }]))

architectureKind.show((picture) => bundleOf([{ picture }]))

pictureKind.show((picture) => {
  const alt =
    'alt' in picture && typeof picture.alt === 'string' ? picture.alt : `picture of ${picture.rows.length} rows`
  return bundleOf([{ picture: 'png' in picture ? { png: picture.png, alt } : { svg: picture.svg, alt } }])
})
