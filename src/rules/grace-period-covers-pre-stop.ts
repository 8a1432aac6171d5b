import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { raise } from '../patch/edits.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { graceOf, maxGracePeriod, mayRaiseGrace, sleepNeedOf } from './knowledge/grace-period.ts';

export const gracePeriodCoversPreStop = defineRule({
  id: 'grace-period-covers-pre-stop',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  fix: {
    byDefault: true,
    risk: 'none',
    effect:
      'Raises `terminationGracePeriodSeconds` to the longest sleep and the option `shutdown`, and never above `maxGracePeriod`. Only in Pods that a Kubernetes controller creates from a template, and only if it is still the default of 30: a Pod that is applied directly, or compared by an operator with what it wants, keeps its value. Applications that stop early still stop early.',
  },
  docs: {
    summary: 'The grace period must cover the preStop sleep and leave time to shut down.',
    why: 'The grace period starts before the preStop hook, not after it. A hook that sleeps for 25 of 30 seconds leaves the application 5 to finish its requests before SIGKILL; a longer sleep leaves it 2.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  lifecycle:
    preStop:
      sleep:
        seconds: 25`,
    good: `terminationGracePeriodSeconds: 45
containers:
- name: app
  image: registry.example/app:1.0
  lifecycle:
    preStop:
      sleep:
        seconds: 25`,
    source:
      'Kubernetes, Pod Lifecycle, https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination; Kubernetes, Container Lifecycle Hooks, https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/',
    departs:
      "While `pre-stop-sleep` is on, sleeps of its own length are ignored here: that rule's fix already extends the grace period, and a short grace period that the author chose keeps its length.",
  },
  options: {
    shutdown: { type: 'integer', default: 20, minimum: 0, description: 'Seconds that must remain after the sleep.' },
    maxGracePeriod: { ...maxGracePeriod, minimum: 31 },
  },
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.lifecycle?.preStop !== undefined)
      ? undefined
      : 'no container has a preStop hook',
  *check(pod, { shutdown, maxGracePeriod }, context) {
    const grace = graceOf(pod);
    const path = pod.at('terminationGracePeriodSeconds');
    const sleeping = pod.running.map((container) => ({ container, ...sleepNeedOf(container, shutdown, context) }));
    const short = sleeping.filter(({ need }) => need > grace).toSorted((a, b) => b.need - a.need);
    const [worst] = short;
    if (worst !== undefined) {
      const { sleep, need, container } = worst;
      const others = short.length > 1 ? ` and ${short.length - 1} more` : '';
      const remedy = Number.isFinite(need) ? `set ${Math.ceil(need)} or more` : 'end the sleep';
      const message = `terminationGracePeriodSeconds is ${grace}, preStop of ${quoted(container.name)}${others} sleeps ${sleep}; ${remedy}`;
      const mayFix = need <= maxGracePeriod && mayRaiseGrace(pod, context, shutdown);
      yield { path, message, fault: need - grace, fix: mayFix ? () => [raise(path, Math.ceil(need))] : undefined };
    }
    for (const { container, sleep, isOurs } of sleeping) if (!isOurs) yield* cutShort(container, sleep);
  },
});

/** Probes whose own grace period ends before the sleep does. */
function* cutShort({ name, spec, at }: ContainerView, sleep: number): Generator<Finding> {
  for (const field of ['livenessProbe', 'startupProbe'] as const) {
    const grace = spec[field]?.terminationGracePeriodSeconds;
    if (grace === undefined || grace >= sleep) continue;
    const message = `${field}.terminationGracePeriodSeconds ${grace} cuts the preStop sleep of ${sleep} short; raise it`;
    yield { path: at(field, 'terminationGracePeriodSeconds'), container: name, message, fault: sleep - grace };
  }
}
