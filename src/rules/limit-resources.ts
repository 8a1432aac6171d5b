import { defineRule } from '../engine/rule.ts';
import { parseQuantity } from '../subject/quantity.ts';
import { demandOf } from './knowledge/resource-demand.ts';

const quantity = { type: 'string', format: 'quantity' } as const;
const ratio = { type: 'integer', minimum: 1 } as const;

export const limitResources = defineRule({
  id: 'limit-resources',
  group: 'resources',
  category: 'efficiency',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Requests and limits must not exceed a maximum, nor limits a multiple of their request.',
    why: 'One container that requests most of a node blocks it for all others. Limits far above the requests overcommit the node: it runs out of memory although each container keeps to its limit.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      memory: 1Gi
    limits:
      memory: 32Gi`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      memory: 1Gi
    limits:
      memory: 2Gi`,
    exampleOptions: { maxMemory: '16Gi', memoryRatio: 2 },
    source: 'Kubernetes, Limit Ranges, https://kubernetes.io/docs/concepts/policy/limit-range/',
    departs:
      'A LimitRange does this for one namespace, and denies Pods without a limit as well; here `require-memory-limit` and `require-cpu-limit` do that. A request is reported if there is no limit. Amounts for the Pod as a whole count like those of a container.',
  },
  options: {
    maxCpu: { ...quantity, description: 'The largest cpu request or limit of a container, such as `8`.' },
    maxMemory: { ...quantity, description: 'The largest memory request or limit of a container, such as `16Gi`.' },
    cpuRatio: { ...ratio, description: 'How many times the cpu request the cpu limit may be.' },
    memoryRatio: { ...ratio, description: 'How many times the memory request the memory limit may be.' },
  },
  notApplicable: (_pod, options) =>
    Object.values(options).every((value) => value === undefined) ? 'no option is set' : undefined,
  *check(pod, { maxCpu, maxMemory, cpuRatio, memoryRatio }) {
    const bounds = [
      { resource: 'cpu', maximum: maxCpu, times: cpuRatio },
      { resource: 'memory', maximum: maxMemory, times: memoryRatio },
    ];
    const whole = { spec: pod.spec, name: undefined, at: pod.at };
    for (const { spec, name, at } of [whole, ...pod.containers])
      for (const { resource, maximum, times } of bounds) {
        const { field, text, amount, request } = demandOf(spec.resources, resource);
        const path = at('resources', field, resource);
        const problem = `resources.${field}.${resource} is ${text.slice(0, 24)}`;
        if (maximum !== undefined && amount > (parseQuantity(maximum) ?? 0n)) {
          const message = `${problem}; lower it to at most ${maximum}`;
          yield { path, container: name, message, fault: Number(amount) };
        }
        // of a request of 0, any limit is more than a multiple; a LimitRange denies it too
        if (times === undefined || request === undefined || amount <= BigInt(times) * request.amount) continue;
        const message = `${problem}, over ${times} × the request of ${request.text}; lower it`;
        const identity = at('resources', 'ratio', resource);
        yield { path, container: name, identity, message, fault: Number(amount) / Number(request.amount) };
      }
  },
});
