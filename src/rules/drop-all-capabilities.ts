import { quoted } from '../engine/quoted.ts';
import { defineRule, type Finding, type RuleContext } from '../engine/rule.ts';
import { append } from '../patch/edits.ts';
import { defaultCapabilities } from '../subject/capability.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { capabilityNeedOf, needsNoCapability, riskOfNoPrivileges } from './knowledge/privilege-need.ts';
import { unlessForWindows } from './knowledge/unmarked-windows.ts';

export const dropAllCapabilities = defineRule({
  id: 'drop-all-capabilities',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'warn',
  fix: {
    byDefault: true,
    risk: 'behavior',
    effect:
      'Adds `ALL` to `capabilities.drop`, only where the container runs as a user other than root (one that is set, or that the policy states under `images`), adds no capability and neither declares a port below 1024 nor has a probe of one; such a process holds none anyway, unless its binary has file capabilities and then fails to start (`operation not permitted`). Images that are known to have such a binary (`caddy`, `coredns`, ingress controllers with NGINX and others), or to rely on a program with setuid (`sudo`, `newuidmap`), are not repaired, not even with `fixAll`, nor are containers whose own command, probes or hooks run such a program: the finding says what they need. To opt out for another image, drop `ALL` and add what its binary has. The option `fixAll` extends this to all other containers, which breaks images that start as root and then switch users. An existing list is only extended in Pods that a Kubernetes controller creates from a template.',
  },
  presets: { 'pss-restricted': {} },
  docs: {
    summary: 'Containers must drop all capabilities and add back only what they need.',
    why: 'Runtimes give every container about fourteen capabilities, including raw sockets and overriding file permissions. Most applications need none of them; attackers do.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    capabilities:
      drop: [ALL]`,
    source:
      'Pod Security Standards, restricted: Capabilities, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {
    fixAll: {
      type: 'boolean',
      default: false,
      description: 'Repair every container, also those that run as root, add capabilities or listen below port 1024.',
    },
  },
  notApplicable: (pod) => (pod.os === 'windows' ? 'Windows has no capabilities' : undefined),
  check: (pod, { fixAll }, context) => unlessForWindows(pod, keeping(pod, fixAll, context)),
});

function* keeping(pod: PodSubject, fixAll: boolean, context: RuleContext): Generator<Finding> {
  for (const container of pod.containers) {
    const { drop } = container.security.capabilities ?? {};
    if (container.isPrivileged || drop?.includes('ALL')) continue;
    const path = container.at('securityContext', 'capabilities', 'drop');
    const misspelt = drop?.find((name) => /^(?:CAP_)?ALL$/i.test(name));
    const facts = context.factsOf(container.spec.image ?? '');
    const need = capabilityNeedOf(container, facts);
    // the list is atomic for `kubectl apply`, so its existing elements are kept
    const isUnused = needsNoCapability(container, facts);
    const isOpen = drop === undefined || (misspelt === undefined && context.isMadeByController(pod));
    yield {
      path,
      container: container.name,
      message: messageOf(drop ?? [], misspelt, need),
      fault: misspelt === undefined ? defaultCapabilities.filter((name) => !drop?.includes(name)) : [],
      fix: isOpen && need === undefined && (fixAll || isUnused) ? () => [append(path, 'ALL')] : undefined,
      risk: isUnused ? riskOfNoPrivileges(facts) : 'behavior',
    };
  }
}

function messageOf(drop: readonly string[], misspelt: string | undefined, need: string | undefined): string {
  if (misspelt !== undefined)
    return `drops ${quoted(misspelt)}, which is not how it is spelt; write capabilities.drop: [ALL]`;
  if (need !== undefined) return `keeps default capabilities${need}`;
  if (defaultCapabilities.every((name) => drop.includes(name)))
    return 'drops the default capabilities one by one; write capabilities.drop: [ALL], which misses none';
  return 'keeps default capabilities; set capabilities.drop: [ALL] and add what it needs';
}
