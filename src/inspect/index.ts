/**
 * Looking inside trained networks.
 *
 * @module
 */
export { type Activation, type ActivationsOptions, activations, type InspectedLayer, layersOf } from './activations.ts'
export { type ChannelStatistics, channelStatistics, featureLayers, hasMaps } from './featureLayers.ts'
