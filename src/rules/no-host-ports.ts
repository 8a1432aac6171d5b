import { isInRanges } from '../engine/ranges.ts';
import { defineRule } from '../engine/rule.ts';

export const noHostPorts = defineRule({
  id: 'no-host-ports',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Containers must not use host ports.',
    why: "A `hostPort` puts the container on the node's own address, bypassing Services and, with many network plugins, NetworkPolicy. It also allows only one such Pod per node, so rollouts get stuck in small clusters.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080
    hostPort: 80`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    source:
      'Pod Security Standards, baseline: Host Ports, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      'A Pod with `hostNetwork: true` gets no finding here: the API server sets a host port for each of its ports, and the host network is the one thing to remove.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', format: 'portRange' },
      default: [],
      description: 'Host ports that any Pod may use: numbers and ranges such as `"9100"` and `"30000-30999"`.',
    },
  },
  onlyWith: ['ContainerPort.hostPort'],
  notApplicable: (pod) =>
    pod.spec.hostNetwork === true ? 'under hostNetwork every port is one of the node' : undefined,
  *check(pod, { allowed }) {
    for (const container of pod.containers)
      for (const [index, { hostPort, hostIP, protocol }] of (container.spec.ports ?? []).entries()) {
        if (!hostPort || isInRanges(allowed, hostPort)) continue;
        const message = `hostPort ${hostPort} takes a port of the node; remove it and use a Service`;
        const fault = `${hostIP || '0.0.0.0'} ${hostPort}/${protocol}`;
        yield { path: container.at('ports', index, 'hostPort'), container: container.name, message, fault };
      }
  },
});
