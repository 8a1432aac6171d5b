import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { pointer } from '../patch/pointer.ts';
import { containerPortClashes, hostPortClashes } from './knowledge/port-clash.ts';

export const noPortClash = defineRule({
  id: 'no-port-clash',
  group: 'shape',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'Two containers of a Pod must not listen on the same port, and each host port must be used only once.',
    why: 'The containers of a Pod share one network. The second one to listen on a port fails with "address already in use" and restarts forever. The API server at most prints a warning.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080
- name: proxy
  image: registry.example/proxy:1.0
  ports:
  - containerPort: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080
- name: proxy
  image: registry.example/proxy:1.0
  ports:
  - containerPort: 8081`,
    source: 'Kubernetes, Pods: Pod networking, https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  },
  options: {},
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => (spec.ports ?? []).length > 0) ? undefined : 'no container declares a port',
  *check(pod) {
    for (const { container, index, port, other } of containerPortClashes(pod)) {
      const message = `port ${port} is taken by ${quoted(other)}, on the same network; choose another`;
      const path = container.at('ports', index, 'containerPort');
      yield { path, container: container.name, message, ...clashOf(port, container.name, other) };
    }
    for (const { container, index, port, other } of hostPortClashes(pod)) {
      const by = other === container.name ? 'twice here' : `by ${quoted(other)} too`;
      const message = `hostPort ${port} is taken ${by}; choose another`;
      const path = container.at('ports', index, 'hostPort');
      yield { path, container: container.name, message, ...clashOf(`host ${port}`, container.name, other) };
    }
  },
});

/** Which of two containers is reported depends on their order. */
const clashOf = (port: string, ...names: readonly string[]) =>
  ({ identity: pointer('spec', 'ports', port), fault: names }) satisfies Partial<Finding>;
