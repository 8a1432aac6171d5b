import { quotedNames } from '../engine/quoted.ts';
import { defineRule, type Finding, type Risk, type RuleContext } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import type { ContainerView } from '../subject/container-view.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { namespaceMakerIn, riskOfNoPrivileges } from './knowledge/privilege-need.ts';
import { unlessForWindows } from './knowledge/unmarked-windows.ts';

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
      "Sets the Pod's profile to `RuntimeDefault`; containers with a profile of their own keep it. The profile blocks system calls that few applications use: io_uring, unshare, mount, keyctl, bpf and perf_event_open. Programs that break: rootless builders, browsers with a sandbox of their own, profilers and tracers, Kerberos with keys in the kernel. An application that needs them can set a `Localhost` profile, or `Unconfined`, which other rules check. Not done if a container is known to make user namespaces, by its image (`buildkit`, `buildah`, `podman`) or by its command (`newuidmap`, `unshare`), and lacks SYS_ADMIN, nor if the Pod has the deprecated seccomp annotation, because the API server would reject the contradiction.",
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
  check: (pod, _options, context) => unlessForWindows(pod, withoutProfile(pod, context)),
});

function* withoutProfile(pod: PodSubject, { factsOf }: RuleContext): Generator<Finding> {
  const bare = pod.containers.filter(({ effective }) => !effective.seccompProfile?.type);
  if (bare.length === 0) return;
  const riskOf = ({ spec, security }: ContainerView): Risk =>
    security.capabilities?.add?.length ? 'behavior' : riskOfNoPrivileges(factsOf(spec.image ?? ''));
  const makerIn = (container: ContainerView) => namespaceMakerIn(container, factsOf(container.spec.image ?? ''));
  const path = pod.at('securityContext', 'seccompProfile');
  if (!pod.isEditable(path)) {
    for (const container of bare) {
      const place = container.at('securityContext', 'seccompProfile');
      const maker = makerIn(container);
      const remedy = maker ? ownProfile(maker) : 'set securityContext.seccompProfile.type: RuntimeDefault';
      const message = `has no seccomp profile; ${remedy}`;
      const fix = maker ? undefined : () => [set(place, profile)];
      yield { path: place, container: container.name, message, fix, risk: riskOf(container) };
    }
    return;
  }
  const contradicted = pod.metadata.annotations?.[annotation] ?? 'runtime/default';
  const maker = bare.map(makerIn).find((name) => name !== undefined);
  const fix = contradicted === 'runtime/default' && !maker ? () => [set(path, profile)] : undefined;
  const fault = bare.map(({ name }) => name);
  const remedy = maker ? ownProfile(maker) : 'set seccompProfile.type: RuntimeDefault on the Pod';
  const message = `no seccomp profile for ${quotedNames(fault)}; ${remedy}`;
  const risk = bare.every((container) => riskOf(container) === 'none') ? 'none' : 'behavior';
  yield { path, message, fault, fix, risk };
}

const ownProfile = (maker: string): string => `${maker} needs one of its own (type: Localhost)`;
