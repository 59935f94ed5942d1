/** The public face of the data layer: pages and components import from `@/data`. */

export * from './hooks';
export * from './rights';
export * from './types';
export * from './words';
export { ApiError, asApiError, HomeSession } from './session';
export { Live, Store, useStore } from './store';
