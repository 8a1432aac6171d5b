import { decode } from './decode.ts';
import type { PodMetadata } from './pod-types.ts';

/** The `metadata` of an object of any kind, as far as it is well-typed. Never throws. */
export function metadataOf(object: unknown): PodMetadata {
  const { metadata } = Object(object) as { readonly metadata?: unknown };
  return decode('ObjectMeta', metadata, 'metadata', []) ?? {};
}
