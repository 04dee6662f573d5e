/**
 * What each kind of results shows in a cell. Loaded when the first is shown.
 *
 * @module
 */
import './kinds/figures.ts'
import './kinds/trainings.ts'
import './kinds/runs.ts'
import './kinds/scores.ts'
import './kinds/models.ts'
import './kinds/data.ts'
import './kinds/studies.ts'
import './kinds/curvature.ts'
import './kinds/predicted.ts'
import './kinds/references.ts'
