import { defineRule } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import { addedSleep } from './knowledge/added-sleep.ts';
import { serversOf, stopsTooEarly } from './knowledge/early-stop.ts';
import { graceOf, maxGracePeriod } from './knowledge/grace-period.ts';
import { noTraffic, trafficOptions } from './knowledge/traffic.ts';

export const preStopSleep = defineRule({
  id: 'pre-stop-sleep',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  reads: ['Service'],
  fix: {
    byDefault: true,
    risk: 'behavior',
    effect:
      'Adds a native `sleep` hook (from Kubernetes 1.30) to every main container of such a Pod that has no hook, or to none if one of them has a hook that cannot run. A shorter sleep that the author of a container chose is reported and kept; where it equals the sleep of a server beside it, no container gets a hook, because a later call could not tell it from an added one. In Pods that a Kubernetes controller creates from a template, and whose grace period is the default of 30, the grace period grows by the same time, so the application keeps its full shutdown time. Other Pods, and those where that would exceed `maxGracePeriod`, keep theirs, and get the hook only where it leaves the option `shutdown` of `grace-period-covers-pre-stop` after the sleep. The program itself only gets SIGTERM later. Every deletion, rollout and restart after a failed liveness probe takes that much longer. With the option `exec`, the hook fails in an image without `sleep`; images that are known to have none are not repaired. Opt out with your own preStop hook or a grace period of 0 or 1.',
  },
  docs: {
    summary: 'Containers that serve traffic must sleep before they stop.',
    why: 'When a Pod is deleted, its removal from load balancers and its shutdown start at the same time. Until every proxy has been updated, requests still arrive at a process that no longer listens. A few seconds of sleep before SIGTERM bridge that gap.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    good: `terminationGracePeriodSeconds: 40
containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080
  lifecycle:
    preStop:
      sleep:
        seconds: 10`,
    source:
      'Kubernetes, Pod Lifecycle, https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination; KEP-3960 (preStop sleep), https://www.kubernetes.dev/resources/keps/3960/',
    departs:
      'The kubelet runs the hook before SIGTERM and counts it against the grace period, which is why the fix raises that too. The kubelet stops all main containers at the same time. Where one of them sleeps, the others must too: a proxy to a database that stops at once would leave the application without it. A runnable hook of another container, which a webhook may inject later, prevents no repair, so that the order of webhooks makes no difference. Ports are declared for information only, so a probe on a port shows that a container without declared ports serves one. Where Services of the namespace are evaluated with the Pod, as in the files of a release, they alone decide whether it serves traffic. In a scan of a cluster they add containers that serve without declaring a port.',
  },
  options: {
    seconds: { type: 'integer', default: 10, minimum: 1, maximum: 300, description: 'How long to sleep.' },
    maxGracePeriod: { ...maxGracePeriod, minimum: 2 },
    ...trafficOptions,
    exec: {
      type: 'boolean',
      default: false,
      description: 'On clusters without the native hook, run the command `sleep`, which the image must contain.',
    },
    sidecars: { type: 'boolean', default: false, description: 'Also require this of sidecars.' },
    daemonSets: { type: 'boolean', default: false, description: 'Also require this of the Pods of DaemonSets.' },
  },
  notApplicable(pod, options, context) {
    if (!pod.isServing) return 'the Pod ends by itself';
    if (pod.spec.hostNetwork === true) return 'no Service endpoint of its own: the Pod is on the host network';
    if (pod.owner?.kind === 'DaemonSet' && !options.daemonSets)
      return 'a DaemonSet has one Pod per node; see option daemonSets';
    if (graceOf(pod) <= 1) return 'a grace period of 0 or 1 means: stop at once';
    return serversOf(pod, options, context).size > 0 ? undefined : noTraffic(pod, context);
  },
  *check(pod, options, context) {
    const stoppers = stopsTooEarly(pod, options, context);
    if (stoppers.length === 0) return;
    const { grace, mayFix, hookOf, risk } = addedSleep(pod, stoppers, options, context);
    for (const { container, seconds, problem, isChosen, manifestsOnly } of stoppers) {
      const path = container.at('lifecycle', 'preStop');
      const fix = mayFix && !isChosen ? () => [set(path, hookOf(seconds)), ...grace.raises] : undefined;
      const remedy = grace.isCovered
        ? `set lifecycle.preStop.sleep.seconds: ${seconds}`
        : `set preStop.sleep.seconds: ${seconds} and a grace period of ${grace.wanted}`;
      yield { path, container: container.name, message: `${problem}; ${remedy}`, fix, risk, manifestsOnly };
    }
  },
});
