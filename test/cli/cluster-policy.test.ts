import { expect, test } from 'vitest';
import { policyInForce } from '../../src/cli/cluster-policy.ts';
import { openApiClient } from '../../src/cluster/api/api-client.ts';
import { type FakeAnswer, startFakeApi } from '../cluster/support/fake-api.ts';

const webhooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/podwright';
const everywhere = '/api/v1/configmaps';
const inSystem = '/api/v1/namespaces/system/configmaps';

const configuration = { webhooks: [{ clientConfig: { service: { name: 'podwright', namespace: 'system' } } }] };
const configMap = (namespace: string, mode: string) => ({
  metadata: { namespace, name: 'podwright-policy' },
  data: { 'policy.yaml': `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: ${mode}\n` },
});

/** The source and the mode of the policy, or the problems, for what a cluster answers at these paths. */
async function found(answers: Readonly<Record<string, FakeAnswer>>, policyNamespace?: string) {
  const api = await startFakeApi();
  api.interfere(({ path }) => answers[path]);
  const policy = await policyInForce(
    openApiClient({ kubeconfig: api.kubeconfig }),
    policyNamespace === undefined ? {} : { policyNamespace },
  );
  return 'problems' in policy ? policy.problems : `${policy.source}: ${policy.policy.mode}`;
}

const ok = (body: unknown): FakeAnswer => ({ status: 200, body });

test('is that of the namespace that the API server calls, regardless of ConfigMaps elsewhere', async () => {
  const answers = {
    [webhooks]: ok(configuration),
    [inSystem]: ok({ items: [configMap('system', 'warn')] }),
    [everywhere]: ok({ items: [configMap('system', 'warn'), configMap('team', 'off')] }),
  };
  expect(await found(answers)).toBe('ConfigMap system/podwright-policy: warn');
});

test('is looked for everywhere where the webhooks may not be read or are not there', async () => {
  const items = ok({ items: [configMap('system', 'warn')] });
  for (const status of [403, 404])
    expect(await found({ [webhooks]: { status }, [everywhere]: items })).toBe(
      'ConfigMap system/podwright-policy: warn',
    );
  const two = ok({ items: [configMap('system', 'warn'), configMap('team', 'off')] });
  expect(await found({ [everywhere]: two })).toEqual([
    'several ConfigMaps contain a policy (system/podwright-policy, team/podwright-policy); specify the one in force with --policy',
  ]);
});

test('is the last valid one while the current one is invalid', async () => {
  const current = { [inSystem]: ok({ items: [configMap('system', 'enforced')] }), [webhooks]: ok(configuration) };
  const problem =
    'ConfigMap system/podwright-policy policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "enforced"';
  const kept = (mode: string) => ({
    [`${inSystem}/podwright-policy-last-valid`]: ok({
      data: { 'last-valid.yaml': configMap('system', mode).data['policy.yaml'] },
    }),
  });
  expect(await found({ ...current, ...kept('warn') })).toBe(
    `the last valid one, because the current one is invalid: ${problem}: warn`,
  );
  const unknown = 'the webhook keeps its last valid policy in force, which is not known here; fix the ConfigMap';
  for (const others of [{}, kept('none'), { [`${inSystem}/podwright-policy-last-valid`]: { status: 403 } }])
    expect(await found({ ...current, ...others })).toEqual([problem, unknown]);
});

const refusal = { status: 403, body: { kind: 'Status', message: 'configmaps is forbidden', code: 403 } };

test('is the built-in one where the installation may not be read', async () => {
  expect(
    await found({ [webhooks]: ok(configuration), [inSystem]: refusal, [`${inSystem}/podwright-policy`]: refusal }),
  ).toBe("the built-in one (the cluster's own may not be read: configmaps is forbidden): enforce");
  expect(await found({ [webhooks]: refusal, [everywhere]: refusal })).toBe(
    "the built-in one (the cluster's own may not be read: configmaps is forbidden; if you may read it in its namespace, specify --policy-namespace): enforce",
  );
});

test('is read by name where ConfigMaps may not be listed', async () => {
  const listing = { [inSystem]: refusal, [everywhere]: refusal };
  const named = ok(configMap('system', 'warn'));
  expect(await found({ [webhooks]: refusal, ...listing, [`${inSystem}/podwright-policy`]: named }, 'system')).toBe(
    'ConfigMap system/podwright-policy: warn',
  );
  const renamed = { webhooks: [{ clientConfig: { service: { name: 'pw', namespace: 'system' } } }] };
  expect(await found({ [webhooks]: ok(renamed), ...listing, [`${inSystem}/pw-policy`]: named })).toBe(
    'ConfigMap system/podwright-policy: warn',
  );
});

test('is looked for only in the namespace that the command line names', async () => {
  const answers = {
    [webhooks]: ok(configuration),
    [inSystem]: ok({ items: [configMap('system', 'warn')] }),
    '/api/v1/namespaces/other/configmaps': ok({ items: [configMap('other', 'off')] }),
  };
  expect(await found(answers, 'other')).toBe('ConfigMap other/podwright-policy: off');
});
