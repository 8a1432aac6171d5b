import type { KubernetesObject } from './kubernetes-object.ts';
import { isKnownKind, type PodTemplateKind } from './pod-template.ts';

/** A kind that holds containers and is not evaluated, because Podwright does not know where it keeps its Pods. */
export interface UnknownKind {
  readonly group: string;
  readonly kind: string;
  /** How many objects of it hold containers. */
  readonly objects: number;
}

/** Groups of kinds that describe the containers of others: policies, and definitions of kinds. */
const descriptive: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'constraints.gatekeeper.sh',
  'kyverno.io',
  'metrics.k8s.io',
  'mutations.gatekeeper.sh',
  'policies.kyverno.io',
  'templates.gatekeeper.sh',
]);

/** Whether the object's kind is unknown and something in it looks like the containers of a Pod. Never throws. */
export function holdsUnknownContainers(object: KubernetesObject, further: readonly PodTemplateKind[] = []): boolean {
  if (!object.group.includes('.') || descriptive.has(object.group) || isKnownKind(object, further)) return false;
  const { status: _, metadata: __, ...given } = object.content;
  return holdsContainers(given, 0);
}

/** The kinds of objects that come in one by one. */
interface UnknownKinds {
  add(object: KubernetesObject): void;
  /** Each with the number of its objects; the most frequent first. */
  kinds(): UnknownKind[];
}

/** Opens a count of objects in whose kind containers were found and no Pod template is known. */
export function openUnknownKinds(): UnknownKinds {
  const counts = new Map<string, UnknownKind>();
  return {
    add({ group, kind }) {
      const id = `${kind} ${group}`;
      counts.set(id, { group, kind, objects: (counts.get(id)?.objects ?? 0) + 1 });
    },
    kinds: () => [...counts.values()].toSorted((a, b) => b.objects - a.objects),
  };
}

/** Deeper than any known kind has its containers. */
const maxDepth = 24;

function holdsContainers(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  if (Array.isArray(value)) return value.some((element) => holdsContainers(element, depth + 1));
  return Object.entries(value).some(([key, inner]) =>
    /^(?:containers|initContainers|steps)$/.test(key) && Array.isArray(inner) && inner.some(isContainer)
      ? true
      : holdsContainers(inner, depth + 1),
  );
}

/** Whether it names an image, or is a container whose image the operator knows. */
function isContainer(value: unknown): boolean {
  const { name, image, ...others } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof image === 'string') return true;
  return typeof name === 'string' && ['securityContext', 'volumeMounts', 'env'].some((field) => field in others);
}
