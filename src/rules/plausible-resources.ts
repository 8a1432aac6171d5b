import { defineRule, type Finding } from '../engine/rule.ts';
import type { Resources } from '../subject/pod-types.ts';
import { parseQuantity } from '../subject/quantity.ts';

export const plausibleResources = defineRule({
  id: 'plausible-resources',
  group: 'resources',
  category: 'reliability',
  severity: 'low',
  mode: 'warn',
  docs: {
    summary: 'Requests and limits must be plausible amounts.',
    why: 'A `memory` of 100m is a tenth of a byte and a `cpu` of 500 is five hundred cores. Kubernetes accepts both: the first container is killed as soon as it starts, the second is never scheduled.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500
      memory: 100m`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500m
      memory: 100Mi`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'Memory in thousandths of a byte is fine from 1Mi: the API server writes `1.2Gi` as `1288490188800m`. A request that equals an implausible limit is not reported again, because a limit alone becomes the request too.',
  },
  options: {
    maxCpu: {
      type: 'integer',
      default: 256,
      minimum: 1,
      description: 'The number of cores above which a cpu amount counts as a mistake.',
    },
  },
  *check(pod, { maxCpu }) {
    const placesOf = (resources: Resources | undefined) => implausible(resources, maxCpu);
    for (const { kind, resource, ...told } of placesOf(pod.spec.resources))
      yield { path: pod.at('resources', kind, resource), ...told };
    for (const container of pod.containers)
      for (const { kind, resource, ...told } of placesOf(container.spec.resources))
        yield { path: container.at('resources', kind, resource), container: container.name, ...told };
  },
});

interface Implausible extends Pick<Finding, 'message' | 'fault'> {
  readonly kind: 'limits' | 'requests';
  readonly resource: string;
}

function* implausible(resources: Resources | undefined, maxCpu: number): Generator<Implausible> {
  if (resources === undefined) return;
  for (const resource of ['cpu', 'memory'] as const)
    for (const kind of ['limits', 'requests'] as const) {
      const text = resources[kind]?.[resource];
      if (text === undefined || (kind === 'requests' && text === resources.limits?.[resource])) continue;
      const amount = parseQuantity(text) ?? 0n;
      if (amount === 0n || (kind === 'requests' && amount === parseQuantity(resources.limits?.[resource]))) continue;
      const place = { kind, resource };
      const field = `resources.${kind}.${resource} is ${shownAmount(text)}`;
      if (resource === 'memory' && amount < oneMebibyte)
        yield { ...place, message: `${field}, less than 1Mi; give it a unit as in 128Mi`, fault: -Number(amount) };
      if (resource === 'cpu' && amount > BigInt(maxCpu) * oneCore)
        yield { ...place, message: `${field}, more than ${maxCpu} cores; 500m is half a core`, fault: Number(amount) };
    }
}

const oneMebibyte = parseQuantity('1Mi') ?? 0n;
const oneCore = parseQuantity('1') ?? 0n;

/** As written; YAML may contain numbers too. */
const shownAmount = (text: unknown): string => String(text).trim().slice(0, 24);
