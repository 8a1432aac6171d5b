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
  known-priority-class: { mode: audit }
  meet-resource-quota: { mode: audit }
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

const quota = `apiVersion: v1
kind: ResourceQuota
metadata: { name: team, namespace: shop }
spec: { hard: { requests.cpu: "1" } }
`;
const limitRange = (namespace: string): string => `apiVersion: v1
kind: LimitRange
metadata: { name: defaults, namespace: ${namespace} }
spec: { limits: [{ type: Container, defaultRequest: { cpu: 100m } }] }
`;
const pod = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { priorityClassName: high, automountServiceAccountToken: false, containers: [{ name: app, image: "a:1" }] }
`;

test('a quota demands requests, unless a LimitRange of the namespace gives them to templates and Pods alike', async () => {
  expect(await rulesIn([quota, pod])).toEqual(['meet-resource-quota']);
  expect(await rulesIn([quota, pod, limitRange('shop')])).toEqual([]);
  expect(await rulesIn([quota, pod, limitRange('other')])).toEqual(['meet-resource-quota']);
  expect(await rulesIn([web, quota])).toContain('meet-resource-quota');
  expect(await rulesIn([limitRange('shop'), web, quota])).not.toContain('meet-resource-quota');
});

test('a PriorityClass counts in every namespace', async () => {
  const named = (name: string): string =>
    `apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: ${name} }\nvalue: 1\n`;
  expect(await rulesIn([pod])).toEqual([]);
  expect(await rulesIn([pod, named('low')])).toEqual(['known-priority-class']);
  expect(await rulesIn([named('low'), named('high'), pod])).toEqual([]);
});

test('a hook that only a Service shows to be needed is added to a manifest, and not announced for admission', async () => {
  const text = [service('shop'), web].join('---\n');
  const input = () => Readable.from([Buffer.from(text)]);
  const audited = await runAudit(['-'], { failOn: 'enforce', config: false }, input, plain);
  expect(audited.output).toContain('container "app": serves Service "web" but has no preStop hook');
  expect(audited.output).toContain(
    'repaired (can change behavior): no-privilege-escalation, require-seccomp-profile\n',
  );
  const fixed = await runFix(['-'], { rule: ['pre-stop-sleep'], unsafe: true, config: false }, input, plain);
  expect(fixed.output).toContain('lifecycle: { preStop: { sleep: { seconds: 10 } } }');
});
