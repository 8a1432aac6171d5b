import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { actionsOf } from '../subject/actions.ts';
import { isLoopback } from '../subject/local-host.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

const since = 34;

export const noProbeHost = defineRule({
  id: 'no-probe-host',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Probes and hooks must not set a host.',
    why: "The kubelet runs probes and hooks from the node's network, so a `host` lets the author of a Pod send requests to everything that the node can reach: its loopback services, cloud metadata, other networks. `localhost` there is the node, not the container. Without `host`, the kubelet probes the Pod, which is the purpose of a probe.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      host: localhost
      port: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      port: 8080
      httpHeaders:
      - name: Host
        value: shop.example`,
    source:
      'Pod Security Standards, baseline: Host Probes / Lifecycle Hooks, from Kubernetes 1.34, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  onlyWith: ['HTTPGetAction.host', 'TCPSocketAction.host'],
  notApplicable: (_pod, _options, { minor }) =>
    minor < since ? `the Pod Security Standards ask for this from Kubernetes 1.${since}` : undefined,
  *check(pod) {
    for (const container of pod.containers)
      for (const { field, handler, at } of actionsOf(container))
        for (const action of ['httpGet', 'tcpSocket'] as const) {
          const host = handler[action]?.host;
          if (!host) continue;
          const message = `${field} asks host ${quoted(host)} from the node; ${remedyFor(host, pod)}`;
          yield { path: at(action, 'host'), container: container.name, message, fault: host };
        }
  },
});

/** On the host network, a program may listen on loopback only; without a host, the kubelet connects to another address. */
const remedyFor = (host: string, { spec }: PodSubject): string =>
  spec.hostNetwork === true && isLoopback(host)
    ? "remove host and listen on the Pod's address"
    : 'remove host, and it asks the Pod';
