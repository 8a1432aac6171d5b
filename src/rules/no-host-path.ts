import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { isWithin, mountsByVolume, normalPath, writableMounts } from '../subject/mounts.ts';
import { hostAccesses } from './knowledge/host-access.ts';

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
      'A volume that nothing mounts counts too, as it does for Pod Security. Node-level agents that need such volumes get an exemption, or a policy allows their paths to everyone.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', pattern: '^/' },
      default: [],
      description: 'Paths that any Pod may mount, with everything below them.',
    },
    allowedReadOnly: {
      type: 'array',
      items: { type: 'string', pattern: '^/' },
      default: [],
      description: 'Paths that any Pod may mount, with everything below them, if every mount is `readOnly: true`.',
    },
  },
  onlyWith: ['Volume.hostPath'],
  *check(pod, { allowed, allowedReadOnly }) {
    for (const [index, { name, hostPath }] of (pod.spec.volumes ?? []).entries()) {
      if (hostPath === undefined) continue;
      const place = normalPath(hostPath.path ?? '');
      if (allowed.some((path) => isWithin(path, place))) continue;
      const what = `volume ${quoted(name ?? '')} is ${quoted(hostPath.path ?? '')} of the node`;
      const fault = { accesses: hostAccesses(place, mountsByVolume(pod).get(name) ?? []) };
      // the name of the volume does not count
      const identity = pod.at('volumes');
      if (allowedReadOnly.some((path) => isWithin(path, place))) {
        const message = `${what}; mount it with readOnly: true`;
        yield* writableMounts(pod, name).map((mount) => ({ ...mount, message, fault, identity }));
        continue;
      }
      const message = `${what}; use a claim or an emptyDir (a node agent needs an exemption)`;
      yield { path: pod.at('volumes', index, 'hostPath'), message, fault, identity };
    }
  },
});
