import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import type { SubjectSource } from '../subject/pod-subject.ts';
import { type KubernetesObject, kubernetesObject } from './kubernetes-object.ts';

/** A Pod in an object: the object itself, or a template of its Pods. */
export interface EmbeddedPod {
  readonly source: SubjectSource;
  /** Where in the object the Pod's `metadata` and `spec` are: empty for a Pod, `/spec/template` for a Deployment. */
  readonly podPath: Pointer;
}

/** A kind with a Pod template that is not among the known ones. */
export interface PodTemplateKind {
  readonly group: string;
  readonly versions: readonly string[];
  /** The plural, as in URLs. */
  readonly resource: string;
  readonly kind: string;
  /** Where the template (`metadata` and `spec`) is. */
  readonly path: Pointer;
}

const pod: readonly Pointer[] = [''];
const template: readonly Pointer[] = ['/spec/template'];

/**
 * Group → kind → where the Pods are; `*` is every element of a list. Versions do not matter: no kind has ever moved its
 * template from one version to another.
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

const kubernetes: ReadonlySet<string> = new Set(['', 'apps', 'extensions', 'batch']);

/** The groups whose known kinds make Pods by way of the kinds of Kubernetes: its controllers create them in the end. */
const endsInKubernetes: ReadonlySet<string> = new Set([
  ...kubernetes,
  'argoproj.io',
  'serving.knative.dev',
  'apps.openshift.io',
  'jobset.x-k8s.io',
  'leaderworkerset.x-k8s.io',
  'keda.sh',
]);

/** A kind of Kubernetes itself that makes Pods. */
interface BuiltInKind {
  readonly kind: string;
  /** The one to write. */
  readonly apiVersion: string;
  /** Those that there are, or were. */
  readonly apiVersions: ReadonlySet<string>;
}

const appsVersions = ['apps/v1', 'apps/v1beta2', 'apps/v1beta1'];

/** The kinds of Kubernetes itself that make Pods. */
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

/** The known kinds that are not of Kubernetes itself: a cluster may have them. Outer kinds come before what they own. */
export const customKinds: readonly Pick<PodTemplateKind, 'group' | 'kind'>[] = Object.entries(places)
  .filter(([group]) => !kubernetes.has(group))
  .flatMap(([group, kinds]) => Object.keys(kinds).map((kind) => ({ group, kind })));

/**
 * The Pods in an object of any kind, by group and kind (a Knative Service has a template, a core Service has none);
 * `further` kinds go before the known ones. A kind without Pods and a missing template give none. Never throws.
 */
export function embeddedPodsOf(value: unknown, further: readonly PodTemplateKind[] = []): EmbeddedPod[] {
  const object = kubernetesObject(value);
  if (object === undefined) return [];
  const { group, kind } = object;
  const configured = further.find((each) => each.group === group && each.kind === kind);
  const patterns = configured === undefined ? templatesOf(group, kind) : [configured.path];
  return patterns
    .flatMap((pattern) => expand(object.content, pattern))
    .map((podPath) => ({ source: sourceOf(object, podPath, configured !== undefined), podPath }))
    .filter(({ source }) => source.workload === undefined || (source.pod.spec ?? undefined) !== undefined);
}

/** Where objects of a known kind have their Pods; `*` is every element of a list. Empty for a kind that is not known. */
export function templatesOf(group: string, kind: string): readonly Pointer[] {
  return own(own(places, group), kind) ?? [];
}

function sourceOf(object: KubernetesObject, podPath: Pointer, further: boolean): SubjectSource {
  const found = (valueAt(object.content, podPath) ?? {}) as SubjectSource['pod'];
  if (object.group === '' && object.kind === 'Pod') return { pod: found };
  const isCustom = further || !endsInKubernetes.has(object.group) || object.kind === 'PodTemplate';
  return { pod: found, workload: { kind: object.kind, name: object.name, ...(isCustom && { isCustom }) } };
}

/** The pointers that a pattern stands for in this content. */
function expand(content: unknown, pattern: Pointer): Pointer[] {
  let paths: Pointer[] = [''];
  for (const segment of segmentsOf(pattern)) {
    paths = paths.flatMap((path) => {
      if (segment !== '*') return [`${path}${pointer(segment)}` as Pointer];
      const list = valueAt(content, path);
      return Array.isArray(list) ? list.map((_, index): Pointer => `${path}/${index}`) : [];
    });
  }
  return paths;
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
