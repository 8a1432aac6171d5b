import { defineRule } from '../engine/rule.ts';
import { missingProbes, needsNoProbe, probeOptions } from './knowledge/missing-probe.ts';

export const requireReadinessProbe = defineRule({
  id: 'require-readiness-probe',
  group: 'probes',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  reads: ['Service'],
  docs: {
    summary: 'Pods that serve traffic must have a readiness probe.',
    why: 'Without one a Pod counts as ready the moment its process starts. Requests arrive while the application is still loading, and a rollout continues before the new Pod has served anything. A readiness probe also takes a Pod out of its Services while it cannot work, without restarting it.',
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
  readinessProbe:
    httpGet:
      path: /ready
      port: 8080`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    departs:
      'One container with a probe is enough, because a Pod is only ready if all of its containers are. Pods that run to completion and containers that show no port for traffic need none. Ports are declared for information only: a container without any serves if it has a probe of a port. Where Services of the namespace are evaluated with the Pod, as in the files of a release, they alone decide whether it serves traffic. In a scan of a cluster they add containers that serve without declaring a port.',
  },
  options: probeOptions,
  notApplicable: needsNoProbe,
  check: (pod, options, context) =>
    missingProbes(pod, { probe: 'readinessProbe', advice: 'add one, or traffic arrives too early' }, options, context),
});
