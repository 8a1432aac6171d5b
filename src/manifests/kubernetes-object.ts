import { type Pointer, pointer } from '../patch/pointer.ts';
import { isRecord } from '../subject/is-record.ts';

/** The identity of a Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  /** The part of `apiVersion` before the slash; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  /** Its name, or the prefix of a generated name with a `*`; empty if it has neither. */
  readonly name: string;
  /** The complete object, as given. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** The value as a Kubernetes object; undefined if it is not one. Never throws. */
export function kubernetesObject(value: unknown): KubernetesObject | undefined {
  const content = record(value);
  const apiVersion = text(content?.['apiVersion']);
  const kind = text(content?.['kind']);
  if (content === undefined || apiVersion === undefined || kind === undefined) return undefined;
  const metadata = record(content['metadata']);
  const prefix = text(metadata?.['generateName']);
  return {
    apiVersion,
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind,
    namespace: text(metadata?.['namespace']),
    name: text(metadata?.['name']) ?? (prefix === undefined ? '' : `${prefix}*`),
    content,
  };
}

/**
 * The objects in a value, each with its path: the value itself, or the items of a `List` (`PodList`, …) at any depth.
 * Items of a typed list may omit their kind, as in the API server's responses.
 */
export function objectsIn(value: unknown, path: Pointer = ''): { object: KubernetesObject; path: Pointer }[] {
  const object = kubernetesObject(value);
  if (object === undefined) return [];
  const items = object.content['items'];
  if (!object.kind.endsWith('List') || !Array.isArray(items)) return [{ object, path }];
  const implied =
    object.kind === 'List' ? {} : { apiVersion: object.apiVersion, kind: object.kind.slice(0, -'List'.length) };
  return items.flatMap((item, index) =>
    record(item) === undefined ? [] : objectsIn({ ...implied, ...item }, `${path}${pointer('items', index)}`),
  );
}

const record = (value: unknown): Readonly<Record<string, unknown>> | undefined => (isRecord(value) ? value : undefined);

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
