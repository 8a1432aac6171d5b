import { defineRule, type Finding, type RuleContext } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { imageUserFault } from './knowledge/image-user.ts';
import { windowsUserFault } from './knowledge/windows-user.ts';

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
      'Sets `runAsNonRoot: true` on containers whose user is set and is not 0, or is a number that the policy states under `images`. They already run as that user, so only the guarantee is new.',
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
      const ofWindows = own === undefined ? windowsUserFault(pod, container) : undefined;
      yield ofWindows ? { ...placeOf(container), ...ofWindows } : findingOf(container, context);
    }
  },
});

function findingOf(container: ContainerView, { factsOf }: RuleContext): Finding {
  const place = placeOf(container);
  const { runAsUser } = container.effective;
  if (container.security.runAsNonRoot === false)
    return { ...place, message: 'sets runAsNonRoot: false; set securityContext.runAsNonRoot: true', fault: 3 };
  if (runAsUser === 0) {
    const message = 'runs as user 0, which is root; set another runAsUser and runAsNonRoot: true';
    return { ...place, message, fault: 2 };
  }
  if (runAsUser !== undefined && runAsUser > 0) {
    const message = 'is not declared non-root; set runAsNonRoot: true';
    return { ...place, message, fault: 0, fix: () => [set(place.path, true)] };
  }
  return { ...place, ...imageUserFault(place.path, factsOf(container.spec.image ?? '')) };
}

const placeOf = ({ at, name }: ContainerView) => ({ path: at('securityContext', 'runAsNonRoot'), container: name });
