import { defineRule, type Finding, type RuleContext } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import { mayAdministrate } from '../subject/capability.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { privilegeNeedOf, riskOfNoPrivileges } from './knowledge/privilege-need.ts';
import { unlessForWindows } from './knowledge/unmarked-windows.ts';

export const noPrivilegeEscalation = defineRule({
  id: 'no-privilege-escalation',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  fix: {
    byDefault: true,
    risk: 'behavior',
    effect:
      'Sets `allowPrivilegeEscalation: false` where nothing is set. Programs with setuid, setgid or file capabilities (`sudo`, `su`, `newuidmap`, `postdrop` of Postfix, `ping` without capabilities) then run with the privileges of their caller. Images that are known to rely on such a program are not repaired, nor are containers whose own command, probes or hooks run one, or whose shell starts a program with file capabilities: the finding names it. A container of another image that needs one sets `allowPrivilegeEscalation: true` itself, which is a finding but is never overridden.',
  },
  presets: { 'pss-restricted': {} },
  docs: {
    summary: 'Containers must not be able to gain more privileges than they start with.',
    why: 'Unset means allowed: a setuid binary in the image turns an unprivileged process into root. `allowPrivilegeEscalation: false` sets the no_new_privs flag, which prevents that.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    allowPrivilegeEscalation: false`,
    source:
      'Pod Security Standards, restricted: Privilege Escalation, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  notApplicable: (pod) => (pod.os === 'windows' ? 'Windows has no such field' : undefined),
  check: (pod, _options, context) => unlessForWindows(pod, escalating(pod, context)),
});

function* escalating(pod: PodSubject, { factsOf }: RuleContext): Generator<Finding> {
  for (const container of pod.containers) {
    const value = container.security.allowPrivilegeEscalation;
    // the API server rejects `false` together with these; other rules check them
    if (value === false || mayAdministrate(container)) continue;
    const path = container.at('securityContext', 'allowPrivilegeEscalation');
    const facts = factsOf(container.spec.image ?? '');
    const need = privilegeNeedOf(container, facts);
    const message =
      need === undefined
        ? 'may gain privileges; set securityContext.allowPrivilegeEscalation: false'
        : `may gain privileges, ${need}; set allowPrivilegeEscalation: false if it works`;
    const fix = value === undefined && need === undefined ? () => [set(path, false)] : undefined;
    yield { path, container: container.name, message, fix, risk: riskOfNoPrivileges(facts) };
  }
}
