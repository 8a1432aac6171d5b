import { quotedNames } from '../engine/quoted.ts';
import { defineRule, type Finding } from '../engine/rule.ts';
import { unlessForWindows } from '../engine/unmarked-windows.ts';
import { set } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

const annotation = 'seccomp.security.alpha.kubernetes.io/pod';
const profile = { type: 'RuntimeDefault' };

export const requireSeccompProfile = defineRule({
  id: 'require-seccomp-profile',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  fix: {
    byDefault: true,
    risk: 'behavior',
    effect:
      "Sets the Pod's profile to `RuntimeDefault`; containers with a profile of their own keep it. The profile blocks system calls that few applications use: io_uring, ptrace across processes, unshare, mount. An application that needs them can set a `Localhost` profile, or `Unconfined`, which other rules check. Not done if the Pod has the deprecated seccomp annotation, because the API server would reject the contradiction.",
  },
  presets: { 'pss-restricted': {} },
  docs: {
    summary: "Every container must have a seccomp profile, its own or the Pod's.",
    why: 'Without a profile, a container can make every system call, and most kernel bugs are reached through calls that ordinary applications never make.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  seccompProfile:
    type: RuntimeDefault
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, restricted: Seccomp, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  notApplicable: (pod) => (pod.os === 'windows' ? 'Windows has no seccomp' : undefined),
  check: (pod) => unlessForWindows(pod, withoutProfile(pod)),
});

function* withoutProfile(pod: PodSubject): Generator<Finding> {
  const bare = pod.containers.filter(({ effective }) => !effective.seccompProfile?.type);
  if (bare.length === 0) return;
  const path = pod.at('securityContext', 'seccompProfile');
  if (!pod.isEditable(path)) {
    const message = 'has no seccomp profile; set securityContext.seccompProfile.type: RuntimeDefault';
    for (const { name, at } of bare) {
      const place = at('securityContext', 'seccompProfile');
      yield { path: place, container: name, message, fix: () => [set(place, profile)] };
    }
    return;
  }
  const contradicted = pod.metadata.annotations?.[annotation] ?? 'runtime/default';
  const fix = contradicted === 'runtime/default' ? () => [set(path, profile)] : undefined;
  const fault = bare.map(({ name }) => name);
  const message = `no seccomp profile for ${quotedNames(fault)}; set seccompProfile.type: RuntimeDefault on the Pod`;
  yield { path, message, fault, fix };
}
