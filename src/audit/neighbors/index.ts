export { boundAccountsOf } from './bound-accounts.ts';
export { openClusterNeighbors } from './cluster-neighbors.ts';
export { configSources, configsOf } from './config-sources.ts';
export { neighborKindsOf } from './neighbor-kinds.ts';
export { type Neighborhood, neighborAdditions, openNeighborhood } from './neighborhood.ts';
