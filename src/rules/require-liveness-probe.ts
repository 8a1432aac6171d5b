import { defineRule } from '../engine/rule.ts';
import { missingProbes, needsNoProbe, probeOptions } from './knowledge/missing-probe.ts';

export const requireLivenessProbe = defineRule({
  id: 'require-liveness-probe',
  group: 'probes',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  reads: ['Service'],
  docs: {
    summary: 'Pods that serve traffic must have a liveness probe.',
    why: 'The kubelet restarts a process that exits. One that hangs, in a deadlock or with all threads blocked, stays that way until someone notices. A liveness probe lets the kubelet notice. An application that exits when it cannot continue needs none.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080
  livenessProbe:
    httpGet:
      path: /healthz
      port: 8080`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    departs:
      'By default findings are only recorded, because an impatient liveness probe does more harm than none. Pods that run to completion and containers that show no port for traffic need none. Ports are declared for information only: a container without any serves if it has a probe of a port. Where Services of the namespace are evaluated with the Pod, as in the files of a release, they alone decide whether it serves traffic. In a scan of a cluster they add containers that serve without declaring a port.',
  },
  options: probeOptions,
  notApplicable: needsNoProbe,
  check: (pod, options, context) =>
    missingProbes(pod, { probe: 'livenessProbe', advice: 'add one, or nobody notices a hang' }, options, context),
});
