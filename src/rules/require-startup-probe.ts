import { defineRule } from '../engine/rule.ts';

export const requireStartupProbe = defineRule({
  id: 'require-startup-probe',
  group: 'probes',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  docs: {
    summary: 'Containers that start slowly must have a startup probe instead of a long liveness delay.',
    why: 'A long `initialDelaySeconds` is a guess. A slower start is killed halfway, and an application that hangs right after a quick start goes unnoticed for the rest of the delay. A startup probe ends as soon as the application is up, and gives it enough time until then.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    initialDelaySeconds: 120
    httpGet:
      path: /healthz
      port: 8080`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  startupProbe:
    failureThreshold: 24
    periodSeconds: 5
    httpGet:
      path: /healthz
      port: 8080
  livenessProbe:
    httpGet:
      path: /healthz
      port: 8080`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/; KEP-950 (startup probes), https://www.kubernetes.dev/resources/keps/950/',
  },
  options: {
    seconds: {
      type: 'integer',
      default: 30,
      minimum: 1,
      description: 'The `initialDelaySeconds` of a liveness probe at which a start counts as slow.',
    },
  },
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.livenessProbe !== undefined) ? undefined : 'no container has a liveness probe',
  *check(pod, { seconds }) {
    for (const { name, spec, at } of pod.running) {
      const delay = spec.livenessProbe?.initialDelaySeconds ?? 0;
      if (delay < seconds || spec.startupProbe !== undefined) continue;
      const message = `livenessProbe.initialDelaySeconds is ${delay}; use a startupProbe, which ends when the program is up`;
      yield { path: at('livenessProbe', 'initialDelaySeconds'), container: name, message, fault: delay };
    }
  },
});
