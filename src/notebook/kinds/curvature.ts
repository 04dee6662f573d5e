import { densityFigure, eigenvaluesFigure } from '../../figures/index.ts'
import { spectrumKind } from '../../inspect/curvature/hessian.ts'
import { densityKind } from '../../inspect/curvature/spectralDensity.ts'
import { bundleOf } from '../bundle.ts'

spectrumKind.show((spectrum) => bundleOf([eigenvaluesFigure(spectrum)]))

densityKind.show((density) => bundleOf([densityFigure(density)]))
