import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';

const deployment = (namespace: string, labels: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${namespace} }
spec: { template: { metadata: { labels: ${labels} }, spec: { containers: [{ name: app, image: "a:1" }] } } }
`;
const service = (namespace: string, selector: string): string => `apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec:
  selector: ${selector}
  ports: [{ port: 80 }]
`;

/** What is said besides findings, of the documents as standard input. */
async function messagesOf(...texts: readonly string[]): Promise<readonly string[]> {
  const input = () => Readable.from([Buffer.from(texts.join('---\n'))]);
  const { messages } = await runAudit(['-'], { failOn: 'enforce', config: false }, input, plain);
  return messages.filter((line) => !line.includes('skipped'));
}

const idle = (line: number): string =>
  `stdin:${line}:3: Service shop/web selects none of the Pods here; correct its selector or their labels`;

test('a Service that selects none of the Pods is named, in any order', async () => {
  expect(await messagesOf(service('shop', '{ app: wbe }'), deployment('shop', '{ app: web }'))).toEqual([idle(5)]);
  expect(await messagesOf(deployment('shop', '{ app: web }'), service('shop', '{ app: wbe }'))).toEqual([idle(10)]);
});

test('a Service that selects one of them is not', async () => {
  const others = deployment('shop', '{ app: other }');
  expect(await messagesOf(service('shop', '{ app: web }'), others, deployment('shop', '{ app: web }'))).toEqual([]);
});

test('Pods of another namespace do not count', async () => {
  const [pods, own] = [deployment('other', '{ app: web }'), deployment('shop', '{ app: shop }')];
  expect(await messagesOf(service('shop', '{ app: web }'), pods, own)).toEqual([idle(5)]);
});

test.each([
  ['there are no Pods in its namespace', [service('shop', '{ app: web }'), deployment('other', '{ app: shop }')]],
  [
    'it has a label that may be added later',
    [service('shop', '{ app: web, role: leader }'), deployment('shop', '{ app: a }')],
  ],
  ['it selects nothing on purpose', [service('shop', '{}'), deployment('shop', '{ app: a }')]],
  [
    'it is a DNS alias',
    [
      service('shop', '{ app: web }').replace('selector', 'type: ExternalName\n  selector'),
      deployment('shop', '{ app: a }'),
    ],
  ],
  [
    'an operator creates Pods in the namespace',
    [
      service('shop', '{ app: web }'),
      deployment('shop', '{ app: a }'),
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: main, namespace: shop }\nspec: { image: "a:1" }\n',
    ],
  ],
])('nothing is said where %s', async (_why, texts) => {
  expect(await messagesOf(...texts)).toEqual([]);
});

test('nothing is said where a document cannot be read', async () => {
  const texts = [service('shop', '{ app: wbe }'), deployment('shop', '{ app: web }'), 'a: [\n'];
  expect(await messagesOf(...texts)).toEqual([expect.stringContaining('cannot be parsed')]);
});
