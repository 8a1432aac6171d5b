import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';
import { runFix } from '../../src/cli/run-fix.ts';

const web = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: "a:1" }] } }
`;
const service = (namespace: string): string => `apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: http }, { port: 81, targetPort: 8080 }] }
`;
const bound = `kind: ClusterRoleBindingList
apiVersion: rbac.authorization.k8s.io/v1
items: [{ metadata: { name: web }, subjects: [{ kind: ServiceAccount, name: default, namespace: shop }] }]
`;
const policy = `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  no-service-account-token: { mode: audit }
  require-disruption-budget: { mode: audit }
  require-readiness-probe: { mode: audit }
  service-target-port: { mode: audit }
`;

/** The rules with findings in a directory of these files, which are read in the order of their names. */
async function rulesIn(texts: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const policyFile = path.join(folder, 'policy');
  writeFileSync(policyFile, policy);
  for (const [index, text] of texts.entries()) writeFileSync(path.join(folder, `${index}.yaml`), text);
  const options = { failOn: 'enforce', policy: policyFile, output: [{ format: 'json', file: undefined }] } as const;
  const { output, messages } = await runAudit([folder], options, () => Readable.from([]), plain);
  expect(messages).toEqual([]);
  return [...output.matchAll(/"rule": ?"([a-z-]+)"/g)].map(([, rule = '']) => rule).toSorted();
}

const together = ['require-disruption-budget', 'require-readiness-probe', 'service-target-port'];

test('a Service and a role binding count for the Deployment, in whatever files they are', async () => {
  expect(await rulesIn([web, service('shop'), bound])).toEqual(together);
  expect(await rulesIn([bound, service('shop'), web])).toEqual(together);
  expect(await rulesIn([[service('shop'), web, bound].join('---\n')])).toEqual(together);
});

test('a Service of another namespace does not count, and none is known', async () => {
  expect(await rulesIn([web, service('other')])).toEqual(['no-service-account-token']);
});

test('a hook that only a Service shows to be needed is added to a manifest, and not announced for admission', async () => {
  const text = [service('shop'), web].join('---\n');
  const input = () => Readable.from([Buffer.from(text)]);
  const audited = await runAudit(['-'], { failOn: 'enforce', config: false }, input, plain);
  expect(audited.output).toContain('container "app": serves Service "web" but has no preStop hook');
  expect(audited.output).toContain('repaired at admission: no-privilege-escalation, require-seccomp-profile\n');
  const fixed = await runFix(['-'], { rule: ['pre-stop-sleep'], unsafe: true, config: false }, input, plain);
  expect(fixed.output).toContain('lifecycle: { preStop: { sleep: { seconds: 10 } } }');
});
