import { type Pointer, valueAt } from '../patch/pointer.ts';
import { isRecord } from '../subject/is-record.ts';
import type { PodLocation } from '../subject/pod-location.ts';
import type { SubjectSource } from '../subject/pod-subject.ts';
import { assembledPods } from './assembled-pod.ts';
import { type KubernetesObject, kubernetesObject } from './kubernetes-object.ts';
import { operatorPlaces } from './operator-places.ts';
import type { PodNature, PodPlace, TemplatePlace } from './pod-place.ts';
import { matchesOf } from './pointer-pattern.ts';

/** A Pod in an object: the object itself, a Pod template, or parts of a Pod that an operator assembles. */
export interface EmbeddedPod extends PodLocation {
  readonly source: SubjectSource;
}

/** A custom kind with a Pod template. */
export interface PodTemplateKind {
  readonly group: string;
  readonly versions: readonly string[];
  /** The plural, as in URLs. */
  readonly resource: string;
  readonly kind: string;
  /** The path of the template (`metadata` and `spec`); `*` is every element of a list or value of a map. */
  readonly path: Pointer;
}

const pod: readonly Pointer[] = [''];
const template: readonly Pointer[] = ['/spec/template'];

/**
 * Group → kind → paths of the Pods; `*` is every element of a list. Versions do not matter, because no kind has ever
 * moved its template between versions.
 */
const places: Readonly<Record<string, Readonly<Record<string, readonly Pointer[]>>>> = {
  '': { Pod: pod, PodTemplate: ['/template'], ReplicationController: template },
  apps: { Deployment: template, StatefulSet: template, DaemonSet: template, ReplicaSet: template },
  extensions: { Deployment: template, DaemonSet: template, ReplicaSet: template },
  batch: { Job: template, CronJob: ['/spec/jobTemplate/spec/template'] },
  'argoproj.io': { Rollout: template },
  'serving.knative.dev': { Service: template, Configuration: template, Revision: pod },
  'apps.openshift.io': { DeploymentConfig: template },
  'jobset.x-k8s.io': { JobSet: ['/spec/replicatedJobs/*/template/spec/template'] },
  'leaderworkerset.x-k8s.io': {
    LeaderWorkerSet: ['/spec/leaderWorkerTemplate/leaderTemplate', '/spec/leaderWorkerTemplate/workerTemplate'],
  },
  'keda.sh': { ScaledJob: ['/spec/jobTargetRef/template'] },
  'apps.kruise.io': {
    CloneSet: template,
    StatefulSet: template,
    DaemonSet: template,
    BroadcastJob: template,
    AdvancedCronJob: ['/spec/template/jobTemplate/spec/template', '/spec/template/broadcastJobTemplate/spec/template'],
    UnitedDeployment: [
      '/spec/template/statefulSetTemplate/spec/template',
      '/spec/template/advancedStatefulSetTemplate/spec/template',
      '/spec/template/cloneSetTemplate/spec/template',
      '/spec/template/deploymentTemplate/spec/template',
    ],
  },
};

/**
 * The fields that operators of known groups add to every Pod. Knative drains requests with its own preStop hook, derives the
 * grace period from the request timeout, probes the port itself, and rejects templates that set the first two.
 */
const completions: Readonly<Record<string, readonly string[]>> = {
  'serving.knative.dev': ['lifecycle', 'terminationGracePeriodSeconds', 'readinessProbe'],
};

/** The names that Knative gives to containers without one; with several of them, each gets its index. */
const unnamed: Readonly<Record<string, string>> = { 'serving.knative.dev': 'user-container' };

const kubernetes: ReadonlySet<string> = new Set(['', 'apps', 'extensions', 'batch']);

/** The groups whose known kinds create Pods through Kubernetes' own kinds, so that its controllers create the Pods. */
const endsInKubernetes: ReadonlySet<string> = new Set([
  ...kubernetes,
  'argoproj.io',
  'serving.knative.dev',
  'apps.openshift.io',
  'jobset.x-k8s.io',
  'leaderworkerset.x-k8s.io',
  'keda.sh',
]);

/** A kind of Kubernetes itself that creates Pods. */
interface BuiltInKind {
  readonly kind: string;
  /** The current one. */
  readonly apiVersion: string;
  /** All current and former ones. */
  readonly apiVersions: ReadonlySet<string>;
}

const appsVersions = ['apps/v1', 'apps/v1beta2', 'apps/v1beta1'];

/** The kinds of Kubernetes itself that create Pods. */
export const builtInKinds: readonly BuiltInKind[] = [
  ...['Pod', 'PodTemplate', 'ReplicationController'].map((kind) => ({ kind, versions: ['v1'] })),
  ...['Deployment', 'DaemonSet', 'ReplicaSet'].map((kind) => ({
    kind,
    versions: [...appsVersions, 'extensions/v1beta1'],
  })),
  { kind: 'StatefulSet', versions: appsVersions },
  { kind: 'Job', versions: ['batch/v1'] },
  { kind: 'CronJob', versions: ['batch/v1', 'batch/v1beta1', 'batch/v2alpha1'] },
].map(({ kind, versions }) => ({ kind, apiVersion: versions[0] ?? '', apiVersions: new Set(versions) }));

/** The known custom kinds, which a cluster may have. Outer kinds precede the kinds that they own. */
export const customKinds: readonly Pick<PodTemplateKind, 'group' | 'kind'>[] = Object.entries(places)
  .filter(([group]) => !kubernetes.has(group))
  .flatMap(([group, kinds]) => Object.keys(kinds).map((kind) => ({ group, kind })));

/**
 * The Pods in an object of any kind, by group and kind (a Knative Service has a template, a core Service has none);
 * `further` kinds take precedence over the known ones. Empty for a kind without Pods or if the template is missing.
 * Never throws.
 */
export function embeddedPodsOf(value: unknown, further: readonly PodTemplateKind[] = []): EmbeddedPod[] {
  const object = kubernetesObject(value);
  if (object === undefined) return [];
  const configured = further.filter(({ group, kind }) => group === object.group && kind === object.kind);
  const places = configured.length === 0 ? placesOf(object) : configured.map(({ path }) => ({ template: path }));
  return places.flatMap((place) =>
    'template' in place
      ? templatePods(object, place, configured.length > 0)
      : assembledPods(object, place).map((pod) => ({ ...pod, source: withNature(pod.source, place) })),
  );
}

/** Whether Podwright, or a further kind, defines where objects of this kind keep their Pods. */
export const isKnownKind = (object: KubernetesObject, further: readonly PodTemplateKind[]): boolean =>
  placesOf(object).length > 0 || further.some(({ group, kind }) => group === object.group && kind === object.kind);

/** The paths of the Pods in objects of a kind that is a workload; `*` is every element of a list. Empty for others. */
export function templatesOf(group: string, kind: string): readonly Pointer[] {
  return own(own(places, group), kind) ?? [];
}

function placesOf({ group, kind }: KubernetesObject): readonly PodPlace[] {
  const known = templatesOf(group, kind);
  if (known.length === 0) return own(own(operatorPlaces, group), kind) ?? [];
  const completed = own(completions, group);
  return known.map((template) => ({ template, ...(completed && { completed }) }));
}

function templatePods(object: KubernetesObject, place: TemplatePlace, further: boolean): EmbeddedPod[] {
  const { template, completed } = place;
  return matchesOf(object.content, template)
    .map((podPath) => {
      const source = withNature(sourceOf(object, podPath, further), place);
      return { source: completed === undefined ? source : { ...source, completed }, podPath };
    })
    .filter(({ source }) => source.workload === undefined || (source.pod.spec ?? undefined) !== undefined);
}

function sourceOf(object: KubernetesObject, podPath: Pointer, further: boolean): SubjectSource {
  const given = (valueAt(object.content, podPath) ?? {}) as SubjectSource['pod'];
  const found = withNames(given, own(unnamed, object.group));
  if (object.group === '' && object.kind === 'Pod') return { pod: found };
  const isCustom = further || !endsInKubernetes.has(object.group) || object.kind === 'PodTemplate';
  const replicas = valueAt(object.content, '/spec/replicas');
  const workload = {
    kind: object.kind,
    name: object.name,
    ...(isCustom && { isCustom }),
    ...(typeof replicas === 'number' && { replicas }),
    ...(kubernetes.has(object.group) && !isCustom && { object: object.content }),
  };
  return { pod: found, workload };
}

function withNames(pod: SubjectSource['pod'], name: string | undefined): SubjectSource['pod'] {
  const containers = valueAt(pod, '/spec/containers');
  if (name === undefined || !Array.isArray(containers)) return pod;
  const named = containers.map((container: unknown, index) =>
    isRecord(container) ? { name: containers.length > 1 ? `${name}-${index}` : name, ...container } : container,
  );
  return { ...pod, spec: { ...(pod.spec as object), containers: named } };
}

function withNature(source: SubjectSource, { endsByItself, hasPlaceholders }: PodNature): SubjectSource {
  const { workload } = source;
  if (workload === undefined || (endsByItself === undefined && hasPlaceholders === undefined)) return source;
  return {
    ...source,
    workload: { ...workload, ...(endsByItself && { endsByItself }) },
    ...(hasPlaceholders && { hasPlaceholders }),
  };
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
