import { decode } from './decode.ts';
import type { PodMetadata } from './pod-types.ts';

/** The well-typed parts of the `metadata` of an object of any kind. Never throws. */
export function metadataOf(object: unknown): PodMetadata {
  const { metadata } = Object(object) as { readonly metadata?: unknown };
  return decode('ObjectMeta', metadata, 'metadata', []) ?? {};
}
