import { architectureKind } from '../../figures/architecture/index.ts'
import { figureKind } from '../../figures/figure.ts'
import { pictureKind } from '../../figures/render.ts'
import { bundleOf } from '../bundle.ts'

figureKind.show((figure) => bundleOf([figure]))

architectureKind.show((picture) => bundleOf([{ picture }]))

pictureKind.show((picture) => {
  const alt =
    'alt' in picture && typeof picture.alt === 'string' ? picture.alt : `picture of ${picture.rows.length} rows`
  return bundleOf([{ picture: 'png' in picture ? { png: picture.png, alt } : { svg: picture.svg, alt } }])
})
