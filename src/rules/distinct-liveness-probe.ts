import { defineRule } from '../engine/rule.ts';
import { isSameCheck, patienceOf } from '../subject/probe-check.ts';

export const distinctLivenessProbe = defineRule({
  id: 'distinct-liveness-probe',
  group: 'probes',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'Liveness must not be the same check as readiness, unless it is at least twice as patient.',
    why: 'Readiness says "send me no requests for a while", liveness says "restart me". If both use the same check, an application that is merely busy or waiting for a dependency is restarted instead of taken out of the load balancer, on all replicas at once.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      path: /health
      port: 8080
  readinessProbe:
    httpGet:
      path: /health
      port: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      path: /alive
      port: 8080
  readinessProbe:
    httpGet:
      path: /ready
      port: 8080`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    departs:
      'Whether a liveness endpoint checks internal health only cannot be seen from outside. Whether it is the same check as readiness can.',
  },
  options: {},
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.livenessProbe !== undefined && spec.readinessProbe !== undefined)
      ? undefined
      : 'no container has both a liveness and a readiness probe',
  *check(pod) {
    for (const { name, spec, at } of pod.running) {
      const { livenessProbe: liveness, readinessProbe: readiness } = spec;
      if (liveness === undefined || readiness === undefined) continue;
      const wanted = 2 * patienceOf(readiness);
      const actual = patienceOf(liveness);
      if (actual >= wanted || !isSameCheck(spec, liveness, readiness)) continue;
      const { periodSeconds = 10 } = liveness;
      const failures = Math.ceil(wanted / periodSeconds);
      const message = `livenessProbe repeats readinessProbe; check less, or set its failureThreshold: ${failures} (${failures} x ${periodSeconds} s, now ${actual} s)`;
      yield { path: at('livenessProbe'), container: name, message, fault: wanted - actual };
    }
  },
});
