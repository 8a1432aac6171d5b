import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plain } from '../../../src/cli/output/paint.ts';
import { previewText } from '../../../src/cli/output/preview-text.ts';
import { defaultPolicy } from '../../../src/policy/default-policy.ts';
import { rules } from '../../../src/rules/index.ts';
import { previewed, running } from '../../support/previewed.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/preview.md'), 'utf8');
const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } };
const container = (name: string, more: object = {}) => ({ name, image: `example.com/${name}:1`, resources, ...more });
const envoy = container('envoy', { securityContext: { privileged: true } });
const objects = [
  ...running('Deployment', 'pay/api', { containers: [container('api', { ports: [{ containerPort: 8080 }] })] }),
  ...running('Deployment', 'pay/ledger', { containers: [container('ledger')] }),
  ...running('Deployment', 'shop/web', { containers: [container('web', { resources: {} })] }),
  ...running(
    'Deployment',
    'shop/cart',
    { containers: [container('cart')] },
    { containers: [container('cart'), envoy] },
  ),
  ...running('DaemonSet', 'kube-flannel/flannel', { containers: [container('flannel')], hostNetwork: true }),
  ...running('DaemonSet', 'monitoring/node-exporter', { containers: [container('exporter')], hostNetwork: true }),
];

test('the example of the page is what the program prints', () => {
  const written = { mode: 'audit', namespaces: [] } as const;
  const style = { diff: false, ceiling: 'enforce', written, policy: '', missing: [] } as const;
  const [, shown] = /^\$ podwright preview\n.*?\n(NAMESPACE.*?)^```$/ms.exec(page) ?? [];
  expect(shown).toBe(`${previewText(previewed(objects, defaultPolicy(rules)), style, plain)}\n`);
});
