import { isInRanges } from '../engine/ranges.ts';
import { defineRule } from '../engine/rule.ts';

const portStart = 'net.ipv4.ip_unprivileged_port_start';

export const noPrivilegedPorts = defineRule({
  id: 'no-privileged-ports',
  group: 'hardening',
  category: 'security',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Containers must not listen on ports below 1024.',
    why: 'Such a port needs root or the capability NET_BIND_SERVICE, unless the container runtime or a sysctl allows it to all. A program that listens on 8080 runs without either, and a Service can still show it as port 80.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 80`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    source:
      'Kubernetes, Using sysctls in a Kubernetes Cluster, https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
    departs:
      'Only declared ports are checked. Ports that the Pod opens to all with the sysctl `net.ipv4.ip_unprivileged_port_start` do not count. Off in every preset: containerd 2 and newer Docker let any user take such ports.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', format: 'portRange' },
      default: [],
      description: 'Ports that are allowed nevertheless: numbers and ranges such as `"53"` and `"80-443"`.',
    },
  },
  notApplicable: (pod) => (pod.onWindows ? 'no port is privileged on Windows' : undefined),
  *check(pod, { allowed }) {
    const sysctl = pod.spec.securityContext?.sysctls?.find(({ name }) => name?.replaceAll('/', '.') === portStart);
    const start = sysctl === undefined ? 1024 : Number(sysctl.value);
    for (const { name, spec, at } of pod.containers)
      for (const [index, { containerPort }] of (spec.ports ?? []).entries()) {
        if (typeof containerPort !== 'number' || containerPort >= start || isInRanges(allowed, containerPort)) continue;
        const message = `port ${containerPort} may need root; listen on one from 1024 and map it in the Service`;
        const path = at('ports', index, 'containerPort');
        yield { path, container: name, message, fault: String(containerPort) };
      }
  },
});
