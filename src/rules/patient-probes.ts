import { defineRule, type Finding } from '../engine/rule.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { patienceOf } from '../subject/probe-check.ts';

export const patientProbes = defineRule({
  id: 'patient-probes',
  group: 'probes',
  category: 'reliability',
  severity: 'low',
  mode: 'warn',
  docs: {
    summary: 'Liveness and startup probes must not restart a container after one slow response.',
    why: 'A garbage collection pause, a busy node or a lost packet makes a single check fail. A probe that gives up after the first failure, or within seconds, turns one failed check into a restart, which does more harm than good.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      path: /healthz
      port: 8080
    periodSeconds: 1
    failureThreshold: 1`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      path: /healthz
      port: 8080
    periodSeconds: 10
    failureThreshold: 3`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    departs:
      'Kubernetes accepts any threshold. A `failureThreshold` of 1 is fragile with any period, and three failures within three seconds can have a single, short cause. For a startup probe the initial delay counts as patience. A timeout longer than the period is no finding, because the kubelet then only waits until the check has ended.',
  },
  options: {
    minimumSeconds: {
      type: 'integer',
      default: 10,
      minimum: 1,
      description: 'How many seconds a container must be allowed to fail, `failureThreshold` times `periodSeconds`.',
    },
  },
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.livenessProbe !== undefined || spec.startupProbe !== undefined)
      ? undefined
      : 'no container has a liveness or startup probe',
  *check(pod, { minimumSeconds }) {
    for (const container of pod.running)
      for (const field of killing) {
        const problem = haste(container, field, minimumSeconds);
        if (problem === undefined) continue;
        yield { path: container.at(field, 'failureThreshold'), container: container.name, ...problem };
      }
  },
});

/** The probes whose failure restarts the container. */
const killing = ['livenessProbe', 'startupProbe'] as const;

function haste(
  { spec }: ContainerView,
  field: (typeof killing)[number],
  minimum: number,
): Pick<Finding, 'message' | 'fault'> | undefined {
  const probe = spec[field];
  if (probe === undefined) return undefined;
  const { failureThreshold = 3, periodSeconds = 10, initialDelaySeconds = 0 } = probe;
  const delay = field === 'startupProbe' ? initialDelaySeconds : 0;
  const patience = patienceOf(probe) + delay;
  if (failureThreshold === 1) {
    const enough = Math.max(3, Math.ceil((minimum - delay) / periodSeconds));
    return { message: `${field}.failureThreshold is 1, so one blip kills; set ${enough} or more`, fault: -patience };
  }
  if (patience >= minimum) return undefined;
  const product = `${failureThreshold} x ${periodSeconds} s`;
  const message = `${field} gives up after ${patience} s (${product}); allow ${minimum} or more`;
  return { message, fault: -patience };
}
