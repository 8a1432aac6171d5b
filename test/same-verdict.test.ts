import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from '../src/admission/decide.ts';
import type { UserInfo } from '../src/admission/review.ts';
import type { World } from '../src/admission/world.ts';
import { auditObject } from '../src/audit/audit-report.ts';
import { openRollUp } from '../src/audit/roll-up/roll-up.ts';
import { evaluate, type JudgedFinding, loadPolicy, type Policy, rules } from '../src/index.ts';
import { controllerOfObject, isBuiltInOwner } from '../src/manifests/controller.ts';
import type { KubernetesObject } from '../src/manifests/kubernetes-object.ts';
import { embeddedPodsOf } from '../src/manifests/pod-template.ts';
import { parseManifests } from '../src/manifests/read-manifests.ts';
import { applyPatch } from '../src/patch/apply-patch.ts';
import type { PatchOperation } from '../src/patch/json-patch.ts';
import { ownerNames } from '../src/subject/owner-names.ts';
import { metadataOf } from '../src/subject/pod-metadata.ts';
import { requestFor } from './support/requests.ts';

const folder = join(import.meta.dirname, 'real');
const addOns = readFileSync(join(import.meta.dirname, '../examples/policies/add-ons.yaml'), 'utf8');
const entries = `
namespaces:
- match: { names: ["*-system", monitoring] }
  rules: { require-memory-limit: { mode: enforce } }
- match: { labels: { tier: dev } }
  mode: warn
`;

async function policyOf(text: string): Promise<Policy> {
  const loaded = await loadPolicy(text, rules);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

const operators = 'operators: ["system:serviceaccount:operators:operator"]\n';

const enforcing = await policyOf(`${addOns}${operators}${entries}controllers: warn\n`);
const auditing = await policyOf(`${addOns}${operators}mode: audit\n`);
const now = Date.UTC(2026, 10, 22);
const labels = { tier: 'prod' };
const surroundings = { now, defaultNamespace: 'default', at: () => ({ minor: 36, now, namespaceLabels: labels }) };

const objects = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseManifests(name, readFileSync(join(folder, name), 'utf8')).manifests)
  .map(({ object, file }) => ({ file, object }))
  .filter(({ object }) => embeddedPodsOf(object.content).length === 1);

/** What is left of findings when all is repaired and exempt that can be. */
const left = (findings: readonly (JudgedFinding & { readonly fixed: boolean })[]): string[] =>
  findings
    .filter(({ fixed }) => !fixed)
    .map(({ rule, mode, path, exemption }) => `${rule.id} ${mode} ${path} ${exemption?.name ?? ''}`.trim())
    .toSorted();

/** A Pod of a controller of Kubernetes is asked for by that, one of another controller by an operator that is listed. */
function requesterOf(object: KubernetesObject): UserInfo {
  const controller = controllerOfObject(object);
  if (controller === undefined) return { username: 'alice', groups: [] };
  const account = isBuiltInOwner(controller) ? 'kube-system:replicaset-controller' : 'operators:operator';
  return { username: `system:serviceaccount:${account}`, groups: [] };
}

function admitted(object: KubernetesObject, policy: Policy): string[] {
  const world: World = { policy, minor: 36, now, namespaceLabels: labels };
  const overrides = { namespace: object.namespace ?? 'default', userInfo: requesterOf(object) };
  const { patch = '' } = decide('mutate', requestFor(object.content, overrides), world).response;
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString() || '[]') as PatchOperation[];
  const stored = applyPatch(object.content, operations);
  return left(decide('validate', requestFor(stored, overrides), world).findings);
}

function audited(object: KubernetesObject, policy: Policy): string[] {
  return auditObject({ object }, policy, surroundings).flatMap(({ findings }) => left(findings));
}

function scanned(object: KubernetesObject, policy: Policy): string[] {
  const rollUp = openRollUp(object.namespace ?? 'default', policy, surroundings);
  if (object.kind === 'Pod') rollUp.addPod(object);
  else rollUp.addWorkload(object);
  return rollUp.subjects().flatMap(({ findings }) => left(findings));
}

function evaluated(object: KubernetesObject, policy: Policy): string[] {
  const controller = controllerOfObject(object);
  return embeddedPodsOf(object.content).flatMap(({ source }) => {
    const workloads = ownerNames(controller ?? object, metadataOf(source.pod));
    const origin = { namespace: { name: object.namespace ?? 'default', labels }, workloads, now };
    const isTemplate = source.workload !== undefined;
    const byController = !isTemplate && controller !== undefined && isBuiltInOwner(controller);
    const ceiling = isTemplate && controller !== undefined ? 'audit' : 'enforce';
    const lifted = policy.mode === 'audit';
    return left(evaluate(source, policy, { minor: 36, byController, ceiling, lifted, origin }).findings);
  });
}

const cases = [
  { mode: 'enforce', policy: enforcing },
  { mode: 'audit', policy: auditing },
].flatMap((each) => objects.map((manifest) => ({ ...each, ...manifest })));

test.each(cases)(
  'under $mode $file $object.kind $object.name gets the same verdict everywhere',
  ({ object, policy }) => {
    const expected = admitted(object, policy);
    expect({
      audit: audited(object, policy),
      scan: scanned(object, policy),
      library: evaluated(object, policy),
    }).toEqual({ audit: expected, scan: expected, library: expected });
  },
);

test('the manifests make the comparison worth while', () => {
  const all = objects.flatMap(({ object }) => admitted(object, enforcing));
  expect(objects.length).toBeGreaterThan(20);
  for (const mode of ['enforce', 'warn', 'audit']) expect(all.some((line) => line.includes(` ${mode} `))).toBe(true);
  expect(all.some((line) => line.endsWith(' calico'))).toBe(true);
});
