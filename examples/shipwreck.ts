/**
 * Who survived the shipwreck? Rows of a CSV file with a gap in every fifth age. A family shares a ticket and often its fate, so no
 * ticket is both trained on and tested on.
 */
import {
  accuracy,
  adam,
  crossEntropy,
  csv,
  experiment,
  f1,
  groupedHoldOut,
  impute,
  linear,
  relu,
  sequential,
  standardize,
} from 'assay'
import { writePassengers } from './shipwreck/passengers.ts'

export default experiment({
  name: 'shipwreck',
  data: csv(writePassengers(), {
    target: 'survived',
    encode: { class: { ordinal: ['3rd', '2nd', '1st'] } },
    columns: ['ticket'],
    test: groupedHoldOut({ by: 'ticket', validation: 0.25 }),
  }),
  split: groupedHoldOut({ by: 'ticket', validation: 0.2 }),
  // Fitted on the training part alone: the median age of others is not known yet.
  prepare: [impute({ strategy: 'median' }), standardize()],
  model: sequential(linear(16), relu(), linear(2)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 5e-3 }),
  batchSize: 32,
  epochs: 20,
  metrics: [accuracy(), f1()],
})
