import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import {
  baselineCapabilities,
  capabilityPattern,
  linuxCapabilities,
  spelledCapability,
} from '../subject/capability.ts';
import { capabilityNames } from './knowledge/capability-names.ts';

export const limitCapabilities = defineRule({
  id: 'limit-capabilities',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: {
    'pss-baseline': { allowedForDebugging: [] },
    'pss-restricted': { allowed: ['NET_BIND_SERVICE'], allowedForDebugging: [] },
  },
  docs: {
    summary: 'Containers must only add allowed capabilities.',
    why: 'Capabilities split up the powers of root. Several of them give access to the whole node: `SYS_ADMIN` mounts and unshares, `SYS_PTRACE` reads other processes, `NET_ADMIN` and `NET_RAW` redirect and forge traffic. An application that really needs one gets an exemption with an owner.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    capabilities:
      add: [SYS_ADMIN]`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    capabilities:
      drop: [ALL]
      add: [NET_BIND_SERVICE]`,
    source:
      'Pod Security Standards, baseline and restricted: Capabilities, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      'Ephemeral containers may add `SYS_PTRACE`, which `kubectl debug` sets; the `pss-*` presets report it, as the standard does.',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', pattern: capabilityPattern },
      default: baselineCapabilities,
      description: 'Capabilities that containers may add, in capitals and without `CAP_`.',
    },
    allowedForDebugging: {
      type: 'array',
      items: { type: 'string', pattern: capabilityPattern },
      default: ['SYS_PTRACE'],
      description: 'Capabilities that ephemeral containers may add as well.',
    },
  },
  onlyWith: ['Capabilities.add'],
  *check(pod, { allowed, allowedForDebugging }) {
    const always = new Set(allowed);
    const forDebugging = always.union(new Set(allowedForDebugging));
    for (const { role, name, security, at } of pod.containers) {
      const permitted = role === 'ephemeral' ? forDebugging : always;
      const added = new Set(security.capabilities?.add).difference(permitted);
      if (added.size === 0) continue;
      // ALL contains each of them
      const fault = added.has('ALL') ? [...added, ...linuxCapabilities] : [...added];
      const path = at('securityContext', 'capabilities', 'add');
      yield { path, container: name, message: messageOf(added, permitted), fault };
    }
  },
});

/** Names must match exactly, so a misspelled one gets a suggestion instead of a puzzling denial. */
function messageOf(added: ReadonlySet<string>, permitted: ReadonlySet<string>): string {
  const spelt = [...added].map((name) => ({ name, right: spelledCapability(name) }));
  const misspelt = spelt.find(({ right }) => permitted.has(right));
  if (misspelt !== undefined) return `adds capability ${quoted(misspelt.name)}; write it ${misspelt.right}`;
  const allowed = [...permitted].toSorted().join(', ') || 'none';
  return `adds ${capabilityNames([...added])}; remove ${spelt.length === 1 ? 'it' : 'them'} from capabilities.add (allowed: ${allowed})`;
}
