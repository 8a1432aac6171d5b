import { expect, test } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import { changesBehavior } from '../../src/engine/fate.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { deepFreeze } from '../support/deep-freeze.ts';

const images = [{ image: 'registry.example/bare', setuid: [], capabilities: [] }];
const policy = deepFreeze({ ...defaultPolicy(rules), images });

/** The fixes of a Pod with this container; a star marks those that can change its behavior. */
function fixesOf(container: object, minor = 36): string[] {
  const source = { pod: { spec: { containers: [{ name: 'app', ports: [{ containerPort: 8080 }], ...container }] } } };
  const { findings } = evaluate(source, policy, { minor });
  return findings
    .filter(({ fixed }) => fixed)
    .map((finding) => `${finding.rule.id}${changesBehavior(finding) ? '*' : ''}`);
}

const securityContext = { runAsUser: 1000 };

test('fixes of an unknown image can change its behavior, but for the sleep of the kubelet', () => {
  expect(fixesOf({ image: 'registry.example/web', securityContext })).toEqual([
    'no-privilege-escalation*',
    'require-seccomp-profile*',
    'run-as-non-root',
    'drop-all-capabilities*',
    'pre-stop-sleep',
  ]);
});

test('fixes of an image that is known to gain no privileges cannot', () => {
  expect(fixesOf({ image: 'registry.example/bare', securityContext })).toEqual([
    'no-privilege-escalation',
    'require-seccomp-profile',
    'run-as-non-root',
    'drop-all-capabilities',
    'pre-stop-sleep',
  ]);
});

test('what the container adds decides for the seccomp profile', () => {
  const capabilities = { drop: ['ALL'], add: ['SYS_PTRACE'] };
  expect(fixesOf({ image: 'registry.example/bare', securityContext: { capabilities } })).toContain(
    'require-seccomp-profile*',
  );
});
