import { defineRule, type Finding } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import type { ContainerView } from '../subject/container-view.ts';

export const runAsNonRoot = defineRule({
  id: 'run-as-non-root',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'warn',
  fix: {
    byDefault: true,
    risk: 'none',
    effect:
      'Sets `runAsNonRoot: true` on containers whose user is set and is not 0. They already run as that user, so only the guarantee is new.',
  },
  presets: { 'pss-restricted': {} },
  docs: {
    summary: 'Containers must be declared to run as a user other than root.',
    why: "Root in a container is root to the kernel, one escape away from the node. `runAsNonRoot: true` makes the kubelet refuse to start a container as root. It is a guardrail: it does not change the image's user, so build the image with a numeric USER first.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  runAsNonRoot: true
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, restricted: Running as Non-root, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      'As Pod Security reads it, `runAsNonRoot: false` on the Pod is reported even if every container sets `true`, and a `runAsUser` other than 0 alone is not enough. Privileged containers are ignored here while `no-privileged-containers` is on, because they need to be root.',
  },
  options: {},
  notApplicable: (pod, _options, { minor }) =>
    pod.spec.hostUsers === false && minor >= 35 ? 'root in a user namespace is not root on the node' : undefined,
  *check(pod, _options, context) {
    const ofPod = pod.spec.securityContext?.runAsNonRoot;
    if (ofPod === false) {
      const message = 'runAsNonRoot is false for the whole Pod; set spec.securityContext.runAsNonRoot: true';
      yield { path: pod.at('securityContext', 'runAsNonRoot'), message };
    }
    for (const container of pod.containers) {
      const own = container.security.runAsNonRoot;
      if (own ?? ofPod) continue;
      if (container.isPrivileged && context.isOn('no-privileged-containers')) continue;
      if (own === undefined && ofPod === false) continue;
      if (container.effective.runAsUser === 0 && context.isOn('no-root-user')) continue;
      yield findingOf(container, pod.onWindows);
    }
  },
});

/** On Windows `runAsUser` has no effect, so that the image may have an administrator. */
function findingOf(container: ContainerView, onWindows: boolean): Finding {
  const path = container.at('securityContext', 'runAsNonRoot');
  const place = { path, container: container.name };
  if (container.security.runAsNonRoot === false)
    return { ...place, message: 'sets runAsNonRoot: false; set securityContext.runAsNonRoot: true', fault: 3 };
  if ((container.effective.runAsUser ?? 0) > 0)
    return {
      ...place,
      message: 'is not declared non-root; set runAsNonRoot: true',
      fault: 0,
      fix: onWindows ? undefined : () => [set(path, true)],
    };
  if (container.effective.runAsUser === 0)
    return {
      ...place,
      message: 'runs as user 0, which is root; set another runAsUser and runAsNonRoot: true',
      fault: 2,
    };
  const message = 'may be root, its image decides; set runAsNonRoot: true (and runAsUser for an image built as root)';
  return { ...place, message, fault: 1 };
}
