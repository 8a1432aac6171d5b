import { expect, it } from 'vitest';
import { schemaErrors } from '../../src/policy/validate.ts';
import { rules } from '../../src/rules/index.ts';

const head = { apiVersion: 'podwright.dev/v1alpha1', kind: 'Policy' };
const settings = {
  'no-host-path': { mode: 'never', fix: true, options: {} },
  'pre-stop-sleep': { options: { seconds: 0, ignoredPorts: [''], unknown: 1 } },
  'require-memory-request': { mode: false, options: { default: '1 GB' } },
  'no-such-rule': {},
};
const exemption = {
  name: 'A b',
  rules: [],
  match: { workloads: ['deployment/web'] },
  reason: ' ',
  expires: '2026-02-30',
};

it.each([
  head,
  [],
  { kind: 'policy', mode: true, kubernetesVersion: 1.3, presetVersion: 0.5, extra: 1 },
  { ...head, rules: settings, namespaces: [{ match: { labels: { 'a b': '' } }, rules: settings }, {}] },
  { ...head, exemptions: [exemption, 1], podTemplates: [{ group: 'x', versions: 'v1' }] },
])('the validator made beforehand finds what one compiled now finds: %#', async (data) => {
  const found = await schemaErrors('policy', data, rules);
  // another list: the same rules as if a caller had brought them
  expect(found).toEqual(await schemaErrors('policy', data, [...rules]));
  expect(found.length > 0).toBe(data !== head);
});

it.each([
  { exemptions: [] },
  [],
  { exemption: [], exemptions: [exemption, 1, { ...exemption, match: { namespaces: ['a'] }, rules: ['*'] }] },
])('so does the validator of exemptions: %#', async (data) => {
  const found = await schemaErrors('exemptions', data, rules);
  expect(found).toEqual(await schemaErrors('exemptions', data, [...rules]));
  expect(found.length > 0).toBe(Array.isArray(data) || data.exemptions.length > 0);
});
