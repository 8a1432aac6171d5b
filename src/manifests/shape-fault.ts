import { type Pointer, pointer } from '../patch/pointer.ts';
import { type KubernetesObject, kubernetesObject } from './kubernetes-object.ts';
import { builtInKinds, embeddedPodsOf, templatesOf } from './pod-template.ts';

/** Why an object that is meant to create Pods would create none. */
export interface ShapeFault {
  /** The location in the document or the object. */
  readonly path: Pointer;
  /** The problem and what to do, in one clause. */
  readonly message: string;
}

/** The problem of a document without a Kubernetes object; undefined if it is meant to be something else. */
export function documentFault(value: unknown): ShapeFault | undefined {
  if (Array.isArray(value)) return value.some(isObject) ? { path: '', message: listText } : undefined;
  if (typeof value === 'object' && value !== null) return mapFault(value as Readonly<Record<string, unknown>>);
  if (value === null) return undefined;
  if (typeof value === 'string' && value.startsWith('//')) return { path: '', message: commentText };
  const isMarkup = typeof value === 'string' && value.startsWith('<');
  return { path: '', message: `is ${isMarkup ? 'HTML or XML' : 'plain text'}, not a Kubernetes object` };
}

const commentText = 'is read as plain text; JSON has no comments, and those of YAML start with #';
const listText = 'is a list of objects, which kubectl does not read; put --- between them, or use kind: List';

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value;
}

/** The problem of a map without a usable `apiVersion` or `kind`. */
function mapFault(map: Readonly<Record<string, unknown>>): ShapeFault | undefined {
  for (const name of ['apiVersion', 'kind']) {
    const value = map[name];
    const written = Object.keys(map).find((key) => key !== name && isLike(key, name));
    const isMeant = Object.hasOwn(map, 'metadata') || Object.hasOwn(map, 'spec');
    if (value === undefined && written !== undefined && isMeant)
      return { path: pointer(written), message: `the key ${JSON.stringify(written)} must be ${name}` };
    if (value !== undefined && value !== null && typeof value !== 'string' && isMeant)
      return { path: pointer(name), message: `${name} is not text` };
  }
  const { apiVersion, kind } = map;
  if (typeof kind === 'string' && apiVersion === undefined) {
    const known = knownKind(kind);
    return known && { path: '/kind', message: `${kind} without an apiVersion; write apiVersion: ${known.apiVersion}` };
  }
  if (typeof apiVersion !== 'string' || kind !== undefined || !Object.hasOwn(map, 'spec')) return undefined;
  return { path: '/apiVersion', message: `apiVersion: ${apiVersion} and a spec, but no kind` };
}

/** `Kind`, `api-version`, `Version`, or preceded by a byte order mark. */
function isLike(key: string, name: string): boolean {
  const letters = key.toLowerCase().replaceAll(/[^a-z]/g, '');
  return letters === name.toLowerCase() || (name === 'apiVersion' && letters === 'version' && key !== 'version');
}

/** The items of a List that are no objects, which kubectl rejects. */
export function itemFaults({ content, kind }: KubernetesObject): ShapeFault[] {
  const items = content['items'];
  if (kind !== 'List' || !Array.isArray(items)) return [];
  return items.flatMap((item: unknown, index) => {
    if (kubernetesObject(item) !== undefined) return [];
    const { path, message } = documentFault(item) ?? {
      path: '',
      message: `item ${index + 1} has no apiVersion and kind`,
    };
    return [{ path: `${pointer('items', index)}${path}` as const, message }];
  });
}

/** The problem of an object of a kind that creates Pods; undefined for all other kinds. */
export function objectFault(object: KubernetesObject): ShapeFault | undefined {
  const { apiVersion, group, kind } = object;
  // the group of a custom kind contains a dot
  const known = group.includes('.') ? undefined : knownKind(kind);
  if (known === undefined) return undefined;
  const written = kind.trim() === kind ? kind : JSON.stringify(kind);
  if (kind !== known.kind) return { path: '/kind', message: `there is no kind ${written}; it is ${known.kind}` };
  if (!known.apiVersions.has(apiVersion)) {
    const message = `there is no ${kind} in ${apiVersion}; use apiVersion: ${known.apiVersion}`;
    return { path: '/apiVersion', message };
  }
  if (embeddedPodsOf(object.content).some(({ source }) => source.pod.spec)) return undefined;
  const place = templatesOf(group, kind).map((path) => [...path.split('/').slice(1), 'spec'].join('.'));
  return { path: '/spec', message: `has no ${place.join(', ')}, where a ${kind} keeps its Pod` };
}

/** The kind of Kubernetes itself with this name, ignoring case. */
function knownKind(kind: string): (typeof builtInKinds)[number] | undefined {
  const name = kind.trim().toLowerCase();
  return builtInKinds.find((each) => each.kind.toLowerCase() === name);
}
