import { adam, grid } from 'assay'
import people from './people.ts'

/** The second cell diverges. */
export default grid(people.with({ name: 'cells', epochs: 2, optimizer: adam() }), { lr: [0.05, 3e38] })
