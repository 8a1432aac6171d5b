import { type Pointer, pointer } from '../patch/pointer.ts';
import { type ContainerView, viewContainers } from './container-view.ts';
import { decode, type TypeProblem } from './decode.ts';
import { withDefaults } from './defaults.ts';
import { isForWindows } from './for-windows.ts';
import { type LimitDefaults, withLimitDefaults } from './limit-range.ts';
import type { PodFacts } from './pod-facts.ts';
import type { OwnerReference, PodMetadata, PodSpec } from './pod-types.ts';

/** What a subject is made of: a Pod, or the Pod that a workload's template would become. */
export interface SubjectSource {
  /** `metadata` and `spec` as they were given; anything may be wrong with them. */
  readonly pod: { readonly metadata?: unknown; readonly spec?: unknown };
  /** The workload whose template this is; absent for a Pod, which names its controller itself. */
  readonly workload?: Owner;
  /** What the LimitRanges of its namespace will give the Pod of a template; a Pod that was created has got it. */
  readonly limitDefaults?: readonly LimitDefaults[];
  /** It comes from a manifest: what is there, its author wrote. */
  readonly isAuthored?: boolean;
  /** Judge these ephemeral containers alone: all else of a running Pod is fixed. */
  readonly newEphemeralContainers?: ReadonlySet<string>;
}

export interface Owner {
  readonly kind: string;
  readonly name: string;
  /** Of a workload: no controller of Kubernetes makes Pods of its template. */
  readonly isCustom?: boolean;
}

/**
 * One Pod under judgement, read-only, decoded and defaulted as the API server does. Paths are relative to the Pod
 * (`/metadata/…`, `/spec/…`), for a template as well.
 */
export interface PodSubject {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
  readonly isTemplate: boolean;
  /** The controller: of a Pod its owner reference, of a template its workload. */
  readonly owner: Owner | undefined;
  /** What `spec.os` says; Pod Security goes by this alone. */
  readonly os: 'linux' | 'windows';
  /** Whether it will run on a Windows node, by `spec.os`, node selector or required node affinity: Linux fields must not be added. */
  readonly onWindows: boolean;
  /** Whether somebody chose the grace period, as far as it shows: the API server writes its default of 30 too. */
  readonly hasChosenGrace: boolean;
  /** Init containers, then sidecars among them in place, main and ephemeral containers, in the order of the spec. */
  readonly containers: readonly ContainerView[];
  /** Main containers and sidecars: what runs until the Pod stops. */
  readonly running: readonly ContainerView[];
  /** Whether the Pod lives until it is stopped, as opposed to one that ends by itself. */
  readonly isServing: boolean;
  /** Values of a wrong type, which were left out. */
  readonly problems: readonly TypeProblem[];
  /** What rules share of what they work out; filled by `oncePerPod`. */
  readonly facts: PodFacts;
  /** The pointer to a field of the spec. */
  at(...fields: (string | number)[]): Pointer;
  /** Whether all of it is under judgement, as opposed to new ephemeral containers alone. */
  readonly isWhole: boolean;
  /** Whether an edit of this path can still take effect. */
  isEditable(path: Pointer): boolean;
  /** The container that the path is in. */
  containerAt(path: Pointer): ContainerView | undefined;
}

/** The subject of a source. Never throws, whatever the source holds. */
export function subjectOf(source: SubjectSource): PodSubject {
  const problems: TypeProblem[] = [];
  const given = Object(source.pod) as SubjectSource['pod'];
  const metadata = (decode('ObjectMeta', given.metadata, 'metadata', problems) ?? {}) as PodMetadata;
  const decoded = (decode('PodSpec', given.spec, 'spec', problems) ?? {}) as PodSpec;
  const spec = withLimitDefaults(withDefaults(decoded), source.limitDefaults ?? []);
  const all = viewContainers(spec);
  const fresh = source.newEphemeralContainers;
  const containers = fresh ? all.filter(({ role, name }) => role === 'ephemeral' && fresh.has(name)) : all;
  const owner = source.workload ?? controllerOf(metadata);
  const containerAt = openContainerIndex(containers);
  return {
    metadata,
    spec,
    isTemplate: source.workload !== undefined,
    owner,
    os: spec.os?.name === 'windows' ? 'windows' : 'linux',
    onWindows: isForWindows(spec),
    hasChosenGrace:
      spec.terminationGracePeriodSeconds !== 30 ||
      (source.isAuthored === true && decoded.terminationGracePeriodSeconds !== undefined),
    containers,
    running: containers.filter(({ role }) => role === 'main' || role === 'sidecar'),
    isServing: spec.restartPolicy === 'Always' && owner?.kind !== 'Job' && owner?.kind !== 'CronJob',
    problems,
    facts: new Map(),
    at: (...fields) => pointer('spec', ...fields),
    isWhole: fresh === undefined,
    isEditable: (path) => fresh === undefined || containerAt(path) !== undefined,
    containerAt,
  };
}

/** Finds the container of a path such as `/spec/containers/0/image` without a walk over all of them. */
function openContainerIndex(containers: readonly ContainerView[]): PodSubject['containerAt'] {
  let index: ReadonlyMap<string, ContainerView> | undefined;
  return (path) => {
    index ??= new Map(containers.map((container) => [container.path, container]));
    const list = path.indexOf('/', '/spec/'.length);
    const end = list === -1 ? -1 : path.indexOf('/', list + 1);
    return index.get(end === -1 ? path : path.slice(0, end));
  };
}

/** The reference that says who manages the object, if any. */
export function controllerOf(metadata: PodMetadata): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}
