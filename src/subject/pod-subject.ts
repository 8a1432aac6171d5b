import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import { type ContainerView, viewContainers } from './container-view.ts';
import { decode, type TypeProblem } from './decode.ts';
import { withDefaults } from './defaults.ts';
import { isForWindows } from './for-windows.ts';
import { type LimitDefaults, withLimitDefaults } from './limit-range.ts';
import type { OwnerReference, PodMetadata, PodSpec } from './pod-types.ts';
import type { RareField } from './rare-fields.ts';

/** The source of a subject: a Pod, or the Pod that a workload's template would become. */
export interface SubjectSource {
  /** `metadata` and `spec` as given; they may be invalid in any way. */
  readonly pod: { readonly metadata?: unknown; readonly spec?: unknown };
  /** The workload of a template; absent for a Pod, which references its controller itself. */
  readonly workload?: Owner;
  /** The LimitRange defaults that a template's Pod will get; an existing Pod already has them. */
  readonly limitDefaults?: readonly LimitDefaults[];
  /** Whether the author set the grace period, where a fix may have changed it since. */
  readonly hasChosenGrace?: boolean;
  /** It comes from a manifest, so its author wrote everything in it. */
  readonly isAuthored?: boolean;
  /** The API server drops Pod-level resources, because the cluster's version does not enable them. */
  readonly dropsPodResources?: boolean;
  /**
   * The fields that an operator adds to it before there is a Pod, by name, or anything. What it may add is not
   * missing.
   */
  readonly completed?: 'anywhere' | readonly string[];
  /** `{{…}}` and `$(…)` in its values are replaced before there is a Pod. */
  readonly hasPlaceholders?: boolean;
  /** Only evaluate these ephemeral containers, because the rest of a running Pod is fixed. */
  readonly newEphemeralContainers?: ReadonlySet<string>;
}

/** The controller of a Pod, or the workload of a template. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
  /** For a workload: no controller of Kubernetes creates Pods from its template. */
  readonly isCustom?: boolean;
  /** For a workload: its Pods run to completion, under any restart policy. */
  readonly endsByItself?: boolean;
  /** For a workload: how many Pods it specifies; absent if it leaves that to a default. */
  readonly replicas?: number;
  /** For a workload of Kubernetes itself: the object as given, which may be invalid in any way. */
  readonly object?: unknown;
}

/**
 * One Pod under evaluation, read-only, decoded and defaulted as by the API server. Paths are relative to the Pod
 * (`/metadata/…`, `/spec/…`), for a template as well.
 */
export interface PodSubject {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
  readonly isTemplate: boolean;
  /** The controller: a Pod's owner reference, or a template's workload. */
  readonly owner: Owner | undefined;
  /** The value of `spec.os`; Pod Security uses nothing else. */
  readonly os: 'linux' | 'windows';
  /**
   * Whether it will run on a Windows node, by `spec.os`, node selector or required node affinity: Linux fields must not
   * be added.
   */
  readonly onWindows: boolean;
  /** Whether the author set the grace period, as far as that is visible: the API server stores its default of 30 too. */
  readonly hasChosenGrace: boolean;
  /** Init containers (including sidecars), main and ephemeral containers, in the order of the spec. */
  readonly containers: readonly ContainerView[];
  /** Main containers and sidecars: those that run until the Pod stops. */
  readonly running: readonly ContainerView[];
  /** Whether the Pod runs until it is stopped, as opposed to ending by itself. */
  readonly isServing: boolean;
  /** Values of a wrong type, which were omitted. */
  readonly problems: readonly TypeProblem[];
  /** Whether one of the fields may be set; false only if certainly none is. */
  mayHave(fields: readonly RareField[]): boolean;
  /** Computed values that rules share; set by `oncePerPod`. */
  readonly facts: Map<(pod: PodSubject) => unknown, unknown>;
  /** The pointer to a field of the spec. */
  at(...fields: (string | number)[]): Pointer;
  /** Whether the whole Pod is under evaluation, as opposed to new ephemeral containers only. */
  readonly isWhole: boolean;
  /** Whether the value at this path, or its absence, stays so in the Pod. */
  isFinal(path: Pointer): boolean;
  /** Whether an edit of this path can still take effect. */
  isEditable(path: Pointer): boolean;
  /** The container that contains the path. */
  containerAt(path: Pointer): ContainerView | undefined;
}

function withoutPodResources(spec: PodSpec): PodSpec {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => field !== 'resources')) as unknown as PodSpec;
}

/** The subject of a source. Never throws, regardless of the source. */
export function subjectOf(source: SubjectSource): PodSubject {
  const problems: TypeProblem[] = [];
  const given = Object(source.pod) as SubjectSource['pod'];
  const metadata = (decode('ObjectMeta', given.metadata, 'metadata', problems) ?? {}) as PodMetadata;
  const rare = new Set<RareField>();
  const decoded = (decode('PodSpec', given.spec, 'spec', problems, rare) ?? {}) as PodSpec;
  const accepted = source.dropsPodResources === true ? withoutPodResources(decoded) : decoded;
  const spec = withLimitDefaults(withDefaults(accepted), source.limitDefaults ?? []);
  const all = viewContainers(spec);
  const fresh = source.newEphemeralContainers;
  const containers = fresh ? all.filter(({ role, name }) => role === 'ephemeral' && fresh.has(name)) : all;
  const owner = source.workload ?? controllerOf(metadata);
  const isFinal = finality(source);
  const containerAt = openContainerIndex(containers);
  return {
    metadata,
    spec,
    isTemplate: source.workload !== undefined,
    owner,
    os: spec.os?.name === 'windows' ? 'windows' : 'linux',
    onWindows: isForWindows(spec),
    hasChosenGrace:
      source.hasChosenGrace ??
      (spec.terminationGracePeriodSeconds !== 30 ||
        (source.isAuthored === true && decoded.terminationGracePeriodSeconds !== undefined)),
    containers,
    running: containers.filter(({ role }) => role === 'main' || role === 'sidecar'),
    isServing: spec.restartPolicy === 'Always' && !endsByItself(owner),
    problems: problems.filter(({ path }) => isFinal(path)),
    mayHave: (fields) => rare.size > 0 && fields.some((field) => rare.has(field)),
    facts: new Map(),
    at: (...fields) => pointer('spec', ...fields),
    isWhole: fresh === undefined,
    isFinal,
    isEditable: (path) => fresh === undefined || containerAt(path) !== undefined,
    containerAt,
  };
}

const endsByItself = (owner: Owner | OwnerReference | undefined): boolean =>
  owner?.kind === 'Job' || owner?.kind === 'CronJob' || (owner !== undefined && 'endsByItself' in owner);

const placeholder = /\{\{|\$\(/;

function finality({ pod, completed, hasPlaceholders }: SubjectSource): PodSubject['isFinal'] {
  if (completed === undefined && hasPlaceholders !== true) return () => true;
  return (path) => {
    const value = valueAt(pod, path) ?? undefined;
    if (value !== undefined) return hasPlaceholders !== true || typeof value !== 'string' || !placeholder.test(value);
    return (
      completed === undefined ||
      (completed !== 'anywhere' && !segmentsOf(path).some((name) => completed.includes(name)))
    );
  };
}

/** Finds the container of a path such as `/spec/containers/0/image` without iterating over all of them. */
function openContainerIndex(containers: readonly ContainerView[]): PodSubject['containerAt'] {
  let index: ReadonlyMap<string, ContainerView> | undefined;
  return (path) => {
    index ??= new Map(containers.map((container) => [container.path, container]));
    const list = path.indexOf('/', '/spec/'.length);
    const end = list === -1 ? -1 : path.indexOf('/', list + 1);
    return index.get(end === -1 ? path : path.slice(0, end));
  };
}

/** The reference to the object's controller, if it has one. */
export function controllerOf(metadata: PodMetadata): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller === true);
}
