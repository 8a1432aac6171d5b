import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { World } from '../../src/admission/world.ts';
import type { NamespaceEntry } from '../../src/engine/namespace-entry.ts';
import { onlyRules } from '../support/policies.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';

const bare = { name: 'app', image: 'app:1' };
const onHost = { hostNetwork: true, containers: [bare] };
const rules = ['no-host-network', 'no-privilege-escalation', 'require-cpu-request'];

const worldOf = (
  mode: 'audit' | 'enforce',
  namespaces: readonly NamespaceEntry[],
  more: Partial<World> = {},
): World => ({
  policy: onlyRules(rules, { mode, namespaces }),
  minor: 36,
  ...more,
});

const enforcing: NamespaceEntry = {
  match: { labels: { 'podwright.dev/mode': 'enforce' } },
  mode: 'enforce',
  rules: {},
};

/** What becomes of a Pod on the network of its node. */
function outcome(world: World): string {
  const request = requestFor(podObject(onHost));
  const { patchOperations } = decide('mutate', request, world);
  return `${decide('validate', request, world).verdict}, ${patchOperations === 0 ? 'as it was' : 'repaired'}`;
}

test.each([
  [{ 'podwright.dev/mode': 'enforce' }, 'deny, repaired'],
  [{ 'podwright.dev/mode': 'audit' }, 'audit_deny, as it was'],
  [{}, 'audit_deny, as it was'],
  [undefined, 'deny, repaired'],
])('under mode audit, a namespace with the labels %j gets its own mode: %s', (namespaceLabels, expected) => {
  expect(outcome(worldOf('audit', [enforcing], { namespaceLabels }))).toBe(expected);
});

test('unknown labels never weaken the policy', () => {
  const relaxed: NamespaceEntry = { match: { labels: { relaxed: 'true' } }, mode: 'audit', rules: {} };
  expect(outcome(worldOf('enforce', [relaxed], { namespaceLabels: undefined }))).toBe('deny, repaired');
  expect(outcome(worldOf('enforce', [relaxed], { namespaceLabels: { relaxed: 'true' } }))).toBe(
    'audit_deny, as it was',
  );
});

test('fixes can be disabled for a namespace', () => {
  const unrepaired: NamespaceEntry = { match: { names: ['shop'] }, fixes: false, rules: {} };
  expect(outcome(worldOf('enforce', [unrepaired]))).toBe('deny, as it was');
});

test('a template is evaluated with the LimitRange defaults that its Pods will get', () => {
  const template = requestFor(
    deploymentObject({ containers: [{ ...bare, securityContext: { allowPrivilegeEscalation: false } }] }),
  );
  const limitDefaults = [{ limits: {}, requests: { cpu: '100m' } }];
  expect(decide('validate', template, worldOf('enforce', [])).verdict).toBe('deny');
  expect(decide('validate', template, worldOf('enforce', [], { limitDefaults })).verdict).toBe('allow');
});

test("a kind in the policy's podTemplates is validated by its template", () => {
  const kind = {
    group: 'example.com',
    versions: ['v1'],
    resource: 'widgets',
    kind: 'Widget',
    path: '/spec/pod' as const,
  };
  const policy = onlyRules(rules, { podTemplates: [kind] });
  const widget = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'w' },
    spec: { pod: { spec: onHost } },
  };
  const request = requestFor(widget);
  const { status } = decide('validate', request, { policy, minor: 36 }).response;
  expect(status?.message.split('\n')[0]).toBe(
    'Widget shop/w is refused by 2 rules: no-host-network, require-cpu-request',
  );
  expect(status?.message).toContain('    spec.pod.spec.hostNetwork');
});
