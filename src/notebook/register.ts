import { drawWith } from '../display.ts'

drawWith(() => import('./displays.ts'))
