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
    const mostCpu = BigInt(maxCpu) * oneCore;
    for (const part of [pod, ...pod.containers])
      for (const { kind, resource, ...told } of implausible(part.spec.resources, mostCpu))
        yield { path: part.at('resources', kind, resource), ...('name' in part && { container: part.name }), ...told };
  },
});

interface Implausible extends Pick<Finding, 'message' | 'fault'> {
  readonly kind: 'limits' | 'requests';
  readonly resource: string;
}

function implausible(resources: Resources | undefined, mostCpu: bigint): Implausible[] {
  const found: Implausible[] = [];
  if (resources === undefined) return found;
  const { limits, requests } = resources;
  for (const resource of ['cpu', 'memory'] as const)
    for (const kind of ['limits', 'requests'] as const) {
      const text = (kind === 'limits' ? limits : requests)?.[resource];
      if (text === undefined || (kind === 'requests' && text === limits?.[resource])) continue;
      const amount = parseQuantity(text) ?? 0n;
      const isPlausible = resource === 'cpu' ? amount <= mostCpu : amount === 0n || amount >= oneMebibyte;
      if (isPlausible || (kind === 'requests' && amount === parseQuantity(limits?.[resource]))) continue;
      const field = `resources.${kind}.${resource} is ${shownAmount(text)}`;
      const told =
        resource === 'cpu'
          ? { message: `${field}, more than ${mostCpu / oneCore} cores; 500m is half a core`, fault: Number(amount) }
          : { message: `${field}, less than 1Mi; give it a unit as in 128Mi`, fault: -Number(amount) };
      found.push({ kind, resource, ...told });
    }
  return found;
}

const oneMebibyte = parseQuantity('1Mi') ?? 0n;
const oneCore = parseQuantity('1') ?? 0n;

/** As written; YAML may contain numbers too. */
const shownAmount = (text: unknown): string => String(text).trim().slice(0, 24);
