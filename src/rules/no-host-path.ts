import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { normalPath, writableVolumes } from '../subject/mounts.ts';

export const noHostPath = defineRule({
  id: 'no-host-path',
  group: 'pod-security',
  category: 'security',
  severity: 'critical',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Pods must not mount files of their node.',
    why: "A `hostPath` volume gives the Pod a part of the node: the container runtime's socket, the kubelet's credentials and other Pods' volumes are all files there. Even read-only it leaks secrets, and data on it stays behind when the Pod moves.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: logs
  hostPath:
    path: /var/log`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: data
  persistentVolumeClaim:
    claimName: data`,
    source:
      'Pod Security Standards, baseline: HostPath Volumes, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      'A volume that nothing mounts counts too, as it does for Pod Security. Node-level agents that need such volumes get an exemption.',
  },
  options: {},
  *check(pod) {
    for (const [index, { name, hostPath }] of (pod.spec.volumes ?? []).entries()) {
      if (hostPath === undefined) continue;
      const what = `volume ${quoted(name ?? '')} is ${quoted(hostPath.path ?? '')} of the node`;
      const message = `${what}; use a claim or an emptyDir (a node agent needs an exemption)`;
      const fault = [
        `path ${normalPath(hostPath.path ?? '')}`,
        ...(writableVolumes(pod).has(name) ? ['writable'] : []),
      ];
      yield { path: pod.at('volumes', index, 'hostPath'), message, fault };
    }
  },
});
