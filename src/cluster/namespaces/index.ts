export { type NamespaceCache, openNamespaceCache } from './namespace-cache.ts';
