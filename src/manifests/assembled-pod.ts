import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import { isRecord } from '../subject/is-record.ts';
import type { PodLocation, PodPart } from '../subject/pod-location.ts';
import type { SubjectSource } from '../subject/pod-subject.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { AssembledPlace } from './pod-place.ts';
import { matchesOf } from './pointer-pattern.ts';

/** Fields of a Pod's spec that mean the same wherever an operator's kind has them. */
const podSpecFields = [
  ...(['affinity', 'automountServiceAccountToken', 'dnsConfig', 'dnsPolicy'] as const),
  ...([
    'enableServiceLinks',
    'hostAliases',
    'hostIPC',
    'hostNetwork',
    'hostPID',
    'hostUsers',
    'imagePullSecrets',
  ] as const),
  ...(['nodeSelector', 'os', 'priorityClassName', 'runtimeClassName', 'schedulerName', 'securityContext'] as const),
  ...(['serviceAccountName', 'shareProcessNamespace', 'terminationGracePeriodSeconds', 'tolerations'] as const),
  ...(['topologySpreadConstraints'] as const),
];

interface Assembly {
  readonly content: unknown;
  readonly spec: Record<string, unknown>;
  readonly parts: PodPart[];
}

type AssembledPod = PodLocation & { readonly source: SubjectSource };

/**
 * The Pods that an operator would create from the containers and fields in an object, as far as these are given. A
 * complete Pod has a container; one that the operator completes has at least one value.
 */
export function assembledPods(object: KubernetesObject, place: AssembledPlace): AssembledPod[] {
  return matchesOf(object.content, place.object).flatMap((podPath) => {
    if (!isRecord(valueAt(object.content, podPath))) return [];
    const isCompleted = isCompletedAt(object.content, podPath, place);
    const assembly: Assembly = { content: object.content, spec: {}, parts: [] };
    const containers = addList(assembly, 'containers', podPath, place.containers, place.unnamed);
    const inits = addList(assembly, 'initContainers', podPath, place.initContainers, place.unnamed);
    addFields(assembly, podPath, place);
    addVolumes(assembly, podPath, place);
    if (isCompleted ? assembly.parts.length === 0 : containers + inits === 0) return [];
    const metadata = valueAt(object.content, `${podPath}${place.metadata ?? '/metadata'}`);
    const rest: PodPart[] = [
      { inPod: '/spec', inObject: podPath },
      { inPod: '/metadata', inObject: `${podPath}${place.metadata ?? '/metadata'}` },
    ];
    const workload = { kind: object.kind, name: object.name, isCustom: true };
    const pod = { ...(place.metadata !== undefined && isRecord(metadata) && { metadata }), spec: assembly.spec };
    const completed = isCompleted ? ('anywhere' as const) : place.needed;
    const source = { pod, workload, ...(completed && { completed }) };
    return [{ source, podPath, parts: [...assembly.parts, ...rest] }];
  });
}

function isCompletedAt(content: unknown, podPath: Pointer, { completed, shared = [] }: AssembledPlace): boolean {
  if (typeof completed !== 'object') return completed === 'anywhere';
  return [podPath, ...shared].some((path) =>
    completed.by.some((field) => (valueAt(content, `${path}${pointer(field)}`) ?? undefined) !== undefined),
  );
}

/** Adds the elements that the patterns match, in their order; returns how many. */
function addList(
  { content, spec, parts }: Assembly,
  field: string,
  above: Pointer,
  patterns: readonly Pointer[] = [],
  unnamed?: string,
): number {
  const list: unknown[] = [];
  for (const inObject of patterns.flatMap((pattern) => matchesOf(content, `${above}${pattern}`))) {
    const found = valueAt(content, inObject);
    if (!isRecord(found)) continue;
    parts.push({ inPod: pointer('spec', field, list.length), inObject });
    list.push(field === 'volumes' ? found : { ...found, name: found['name'] ?? unnamed ?? nameFrom(inObject) });
  }
  if (list.length > 0) spec[field] = list;
  return list.length;
}

/** The field that has the container, with the index in a list. */
const nameFrom = (path: Pointer): string => {
  const [last = '', above = ''] = segmentsOf(path).toReversed();
  return /^\d+$/.test(last) ? `${above}-${last}` : last;
};

/** Adds each field of a Pod's spec from the first object that has it. */
function addFields({ content, spec, parts }: Assembly, podPath: Pointer, place: AssembledPlace): void {
  const sources = objectsWithFields(podPath, place);
  const candidates = [
    ...podSpecFields.map((field) => [field, sources.map((path) => `${path}${pointer(field)}` as Pointer)] as const),
    ...Object.entries(place.renamed ?? {}).map(([field, path]) => [field, [`${podPath}${path}` as Pointer]] as const),
  ];
  for (const [field, paths] of candidates) {
    const inObject = paths.find((path) => (valueAt(content, path) ?? undefined) !== undefined);
    if (inObject === undefined) continue;
    spec[field] = valueAt(content, inObject);
    parts.push({ inPod: pointer('spec', field), inObject });
  }
}

function addVolumes(assembly: Assembly, podPath: Pointer, place: AssembledPlace): void {
  const patterns = objectsWithFields(podPath, place).map((path) => `${path}/volumes/*` as Pointer);
  addList(assembly, 'volumes', '', patterns);
}

const objectsWithFields = (podPath: Pointer, { fields = [], shared = [] }: AssembledPlace): Pointer[] => [
  ...fields.map((path) => `${podPath}${path}` as Pointer),
  ...shared,
];
