import { expect, test } from 'vitest';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { excludedNamespaces } from '../../../src/cluster/scan/excluded-namespaces.ts';
import { matchesLabelSelector } from '../../../src/subject/label-selector.ts';
import { type FakeAnswer, startFakeApi } from '../support/fake-api.ts';

const name = 'kubernetes.io/metadata.name';
const labels: Readonly<Record<string, Record<string, string>>> = {
  shop: { [name]: 'shop', team: 'a' },
  lab: { [name]: 'lab', team: 'b', quiet: '' },
};

test.for([
  [{}, ['shop', 'lab']],
  [{ matchLabels: { team: 'a' } }, ['shop']],
  [{ matchLabels: { team: 'a', quiet: '' } }, []],
  [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['b', 'c'] }] }, ['lab']],
  [{ matchExpressions: [{ key: 'quiet', operator: 'NotIn', values: ['x'] }] }, ['shop', 'lab']],
  [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, ['lab']],
  [{ matchExpressions: [{ key: 'quiet', operator: 'Exists' }] }, ['lab']],
  [{ matchExpressions: [{ key: 'quiet', operator: 'DoesNotExist' }] }, ['shop']],
  [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, []],
  [{ matchLabels: { team: 'b' }, matchExpressions: [{ key: 'quiet', operator: 'DoesNotExist' }] }, []],
] as const)('%j selects %j', ([selector, selected]) => {
  expect(Object.keys(labels).filter((each) => matchesLabelSelector(selector, labels[each] ?? {}))).toEqual(selected);
});

async function excludedUnder(answer: FakeAnswer): Promise<string[]> {
  const api = await startFakeApi();
  api.interfere(() => answer);
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const isExcluded = await excludedNamespaces(client, {
    at: (namespace) => ({ minor: 36, namespaceLabels: labels[namespace] }),
  });
  expect(api.requests.map(({ path }) => path)).toEqual([
    '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/podwright',
  ]);
  return ['shop', 'lab', 'kube-system', 'kube-node-lease', 'unknown'].filter(isExcluded);
}

test('excluded is what no webhook for Pods sees; a namespace whose labels are not known still has its name', async () => {
  const notNamed = (...values: string[]) => ({ matchExpressions: [{ key: name, operator: 'NotIn', values }] });
  const webhooks = [
    { namespaceSelector: { ...notNamed('kube-system', 'lab'), matchLabels: { team: 'b' } } },
    { namespaceSelector: notNamed('kube-system', 'lab', 'unknown') },
    { name: 'policy.validate.podwright.dev', namespaceSelector: { matchLabels: { [name]: 'lab' } } },
  ];
  expect(await excludedUnder({ status: 200, body: { webhooks } })).toEqual(['lab', 'kube-system', 'unknown']);
});

test.for([403, 404])('a configuration that is refused with %i excludes what the chart does', async (status) => {
  expect(await excludedUnder({ status })).toEqual(['kube-system', 'kube-node-lease']);
});
