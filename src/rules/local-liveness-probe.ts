import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding, type RuleContext } from '../engine/rule.ts';
import { programsOf } from '../subject/exec-command.ts';
import { isLoopback, ownNamesOf } from '../subject/local-host.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import type { Probe } from '../subject/pod-types.ts';
import { remoteCallOf } from '../subject/remote-call.ts';

const advice = 'check this container only, the rest is for readiness';

export const localLivenessProbe = defineRule({
  id: 'local-liveness-probe',
  group: 'probes',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'Liveness probes must check only the container itself.',
    why: 'A liveness probe that queries a database fails when the database does. The kubelet then restarts every Pod that depends on it, again and again, which does not help and hits the database with a storm of connections when it comes back. Check dependencies in the readiness probe.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    exec:
      command: [sh, -c, "pg_isready -h db.shop"]`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  livenessProbe:
    httpGet:
      path: /healthz
      port: 8080`,
    source:
      'Kubernetes, Configure Liveness, Readiness and Startup Probes, https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
    departs:
      'The rule only sees the manifest: it reports a client program in the probe command that names another host. The `hostname` of the Pod, `hostAliases` of the loopback address and hosts that `curl --resolve` or `--connect-to` direct there are the container itself. Dependencies that the application checks behind its health endpoint stay unseen.',
  },
  options: {},
  notApplicable: (pod) =>
    pod.running.some(({ spec }) => spec.livenessProbe !== undefined) ? undefined : 'no container has a liveness probe',
  *check(pod, _options, context) {
    for (const { name, spec, at } of pod.running) {
      const found = spec.livenessProbe && callOf(spec.livenessProbe, pod, context);
      if (found)
        yield { path: at('livenessProbe', ...found.field), container: name, message: found.message, fault: found.host };
    }
  },
});

/** The probe's target outside its container. A `host` is left to `no-probe-host` where that rule applies. */
function callOf(
  probe: Probe,
  pod: PodSubject,
  context: RuleContext,
): (Pick<Finding, 'message'> & { readonly field: string[]; readonly host: string }) | undefined {
  for (const { words } of programsOf(probe.exec?.command ?? [])) {
    const call = remoteCallOf(words, ownNamesOf(pod));
    if (call === undefined) continue;
    const message = `livenessProbe asks ${quoted(call.host)} by ${call.client}; ${advice}`;
    return { field: ['exec', 'command'], message, host: call.host };
  }
  if (context.isOn('no-probe-host') && context.minor >= 34) return undefined;
  for (const action of ['httpGet', 'tcpSocket'] as const) {
    const host = probe[action]?.host;
    // the kubelet connects from the node, whose loopback is the container's only on the host network
    if (!host || (pod.spec.hostNetwork === true && isLoopback(host))) continue;
    return { field: [action, 'host'], message: `livenessProbe asks ${quoted(host)} from the node; ${advice}`, host };
  }
  return undefined;
}
