import { type Pointer, pointer } from '../patch/pointer.ts';
import { oncePerPod } from './pod-facts.ts';
import type { PodSubject } from './pod-subject.ts';

/** A part of a Pod that Kubernetes replaced, and what to write instead. */
export interface Deprecation {
  readonly path: Pointer;
  readonly what: { readonly kind: 'field' | 'node label' | 'annotation' | 'volume'; readonly name: string };
  readonly advice: string;
}

const nodeLabels = new Map([
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
]);

/** Types of volumes with the minor version of Kubernetes that removed their driver. */
const removedVolumes = new Map<string, number>([
  ['scaleIO', 22],
  ['flocker', 25],
  ['quobyte', 25],
  ['storageos', 25],
  ['glusterfs', 26],
  ['cephfs', 31],
  ['rbd', 31],
]);

const critical = 'scheduler.alpha.kubernetes.io/critical-pod';
const seccomp = /^(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io\//;
const appArmor = /^container\.apparmor\.security\.beta\.kubernetes\.io\/(?<container>.*)$/;

/** Everything in a Pod that this minor version of Kubernetes deprecates or ignores. */
export function* deprecationsOf(pod: PodSubject, minor: number): Generator<Deprecation> {
  const { serviceAccount, serviceAccountName, nodeSelector = {}, volumes = [] } = pod.spec;
  if (serviceAccount && !serviceAccountName) {
    const what = { kind: 'field', name: 'serviceAccount' } as const;
    yield { path: pod.at('serviceAccount'), what, advice: 'is deprecated; write serviceAccountName' };
  }
  for (const name of Object.keys(nodeSelector)) {
    const successor = nodeLabels.get(name);
    if (successor === undefined) continue;
    const what = { kind: 'node label', name } as const;
    yield { path: pod.at('nodeSelector', name), what, advice: `is deprecated; write ${successor}` };
  }
  for (const name of Object.keys(pod.metadata.annotations ?? {})) {
    const advice = adviceOn(name, pod, minor);
    if (advice === undefined) continue;
    yield { path: pointer('metadata', 'annotations', name), what: { kind: 'annotation', name }, advice };
  }
  for (const [index, volume] of volumes.entries())
    for (const type of Object.keys(volume)) {
      if ((removedVolumes.get(type) ?? Infinity) > minor) continue;
      const advice = `has type ${type}, which Kubernetes removed; use a persistentVolumeClaim`;
      yield { path: pod.at('volumes', index, type), what: { kind: 'volume', name: volume.name ?? '' }, advice };
    }
}

function adviceOn(annotation: string, pod: PodSubject, minor: number): string | undefined {
  if (annotation === critical) return 'has no effect; set priorityClassName';
  if (seccomp.test(annotation)) return 'has no effect; set securityContext.seccompProfile';
  const name = appArmor.exec(annotation)?.groups?.['container'];
  if (name === undefined || minor < 30) return undefined;
  const hasField =
    containersByName(pod).get(name)?.security.appArmorProfile ?? pod.spec.securityContext?.appArmorProfile;
  return hasField === undefined ? 'is deprecated; set securityContext.appArmorProfile' : undefined;
}

/** The first container of each name. */
const containersByName = oncePerPod(
  (pod) => new Map(pod.containers.toReversed().map((container) => [container.name, container])),
);
