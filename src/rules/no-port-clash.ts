import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { pointer } from '../patch/pointer.ts';
import type { ContainerView } from '../subject/container-view.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

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
  check: (pod) => [...containerPortClashes(pod), ...hostPortClashes(pod)],
});

function* containerPortClashes({ containers }: PodSubject): Generator<Finding> {
  const listeners = new Map<string, ContainerView>();
  // in the order in which they start: sidecars already listen while the init containers after them run
  for (const container of containers.filter(({ role }) => role !== 'ephemeral'))
    for (const [index, { containerPort, protocol }] of (container.spec.ports ?? []).entries()) {
      if (!containerPort) continue;
      const port = `${containerPort}/${protocol}`;
      const other = listeners.get(port) ?? container;
      if (container.role !== 'init') listeners.set(port, other);
      if (other === container) continue;
      const message = `port ${port} is taken by ${quoted(other.name)}, on the same network; choose another`;
      const path = container.at('ports', index, 'containerPort');
      yield { path, container: container.name, message, ...clashOf(port, container.name, other.name) };
    }
}

/** Which of two containers is reported depends on their order. */
const clashOf = (port: string, ...names: readonly string[]) =>
  ({ identity: pointer('spec', 'ports', port), fault: names }) satisfies Partial<Finding>;

const anyAddress = '0.0.0.0';

/**
 * Host ports with overlapping addresses, as the scheduler compares them. On the host network, container ports are host
 * ports.
 */
function* hostPortClashes({ spec, running }: PodSubject): Generator<Finding> {
  if (spec.hostNetwork === true) return;
  const users = new Map<string, Map<string, string>>();
  for (const { name, spec, at } of running)
    for (const [index, { hostPort, hostIP, protocol }] of (spec.ports ?? []).entries()) {
      if (!hostPort) continue;
      const port = `${hostPort}/${protocol}`;
      const address = hostIP || anyAddress;
      const byAddress = users.get(port) ?? new Map<string, string>();
      users.set(port, byAddress);
      const [any] = address === anyAddress ? byAddress.values() : [];
      const other = any ?? byAddress.get(address) ?? byAddress.get(anyAddress);
      if (!byAddress.has(address)) byAddress.set(address, name);
      if (other === undefined) continue;
      const by = other === name ? 'twice here' : `by ${quoted(other)} too`;
      yield {
        path: at('ports', index, 'hostPort'),
        container: name,
        message: `hostPort ${port} is taken ${by}; choose another`,
        ...clashOf(`host ${port}`, name, other),
      };
    }
}
