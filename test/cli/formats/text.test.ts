import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { openSum } from '../../../src/audit/audit-sum.ts';
import { openRollUp } from '../../../src/audit/roll-up/roll-up.ts';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import { openText } from '../../../src/cli/formats/text.ts';
import { columnsOf, plain } from '../../../src/cli/output/paint.ts';
import { runAudit } from '../../../src/cli/run-audit.ts';
import { kubernetesObject } from '../../../src/manifests/kubernetes-object.ts';
import { container, ownedBy, privileged, runningPod, stored, workload } from '../../audit/support/objects.ts';
import { onlyRules } from '../../support/policies.ts';
import { auditTextAs } from './fixtures.ts';

const known = { minor: 36, now: 0, defaultNamespace: 'default' };

const policy = 'test/cli/formats/manifests/policy.yaml';
/** Deployments of which all lack something, some more, and one is exempt. */
const many = Array.from({ length: 12 }, (_, index) => {
  const kind =
    index === 11 ? 'kind: DaemonSet\nmetadata: { name: agent }' : `kind: Deployment\nmetadata: { name: app-${index} }`;
  const host = index % 4 === 3 ? 'hostNetwork: true, ' : '';
  return `apiVersion: apps/v1\n${kind}\nspec: { template: { spec: { ${host}containers: [{ name: app, image: "a:1", ports: [{ containerPort: 80 }] }] } } }\n`;
}).join('---\n');

test('findings that many subjects share are shown once, the gravest last', async () => {
  expect(await auditTextAs('text', many)).toMatchInlineSnapshot(`
    "exempt: no-host-network by node-agents (1)
    repaired (can change behavior): no-privilege-escalation (12)
    recorded only: read-only-root-filesystem (12)

    warn require-readiness-probe: 12 subjects
      serves a port but has no readinessProbe; add one, or traffic arrives too early
        stdin:4:42 Deployment app-0, container "app"
        stdin:9:42 Deployment app-1, container "app"
        stdin:14:42 Deployment app-2, container "app"
        stdin:19:61 Deployment app-3, container "app"
        stdin:24:42 Deployment app-4, container "app"
        and 7 more; -o json lists them all

    enforce require-cpu-request: 12 subjects
      requests no cpu; set resources.requests.cpu
        stdin:4:42 Deployment app-0, container "app"
        stdin:9:42 Deployment app-1, container "app"
        stdin:14:42 Deployment app-2, container "app"
        stdin:19:61 Deployment app-3, container "app"
        stdin:24:42 Deployment app-4, container "app"
        and 7 more; -o json lists them all

    enforce no-host-network: 2 subjects
      hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
        stdin:19:29 Deployment app-3
        stdin:39:29 Deployment app-7

    12 subjects: 12 denied; findings: 14 enforce, 12 warn, 12 audit; 12 repaired at admission; 1 exempt
    Why and how: podwright explain require-cpu-request"
  `);
});

test('of many subjects, a diff is asked for each', async () => {
  const output = await auditTextAs('text', many, { diff: true });
  expect(output.match(/^stdin:\d+ /gm)).toHaveLength(12);
});

test('the summary is a table of the rules, and the sum', async () => {
  expect(await auditTextAs('text', many, { summary: true })).toMatchInlineSnapshot(`
    "RULE                       SEVERITY  ENFORCE  WARN  AUDIT  REPAIRED  EXEMPT
    no-privilege-escalation    high            -     -      -        12       -
    read-only-root-filesystem  medium          -     -     12         -       -
    require-readiness-probe    medium          -    12      -         -       -
    no-host-network            high            2     -      -         -       1
    require-cpu-request        medium         12     -      -         -       -

    12 subjects: 12 denied; findings: 14 enforce, 12 warn, 12 audit; 12 repaired at admission; 1 exempt
    Why and how: podwright explain require-cpu-request"
  `);
});

test('the summary of nothing is the sum of it', async () => {
  expect(await auditTextAs('text', 'a: b', { summary: true })).toBe(
    'no Pods found: the input contains no Pods or Pod templates; 1 skipped',
  );
});

test.each([60, 100, 120])('keeps to a terminal of %i columns', async (columns) => {
  const paint = Object.assign((_style: string, text: string) => text, { ...plain, columns });
  const { output } = await runAudit(['-'], { failOn: 'audit', policy }, () => Readable.from([many]), paint);
  const [, , ...findings] = output.split('\n').toReversed();
  const longest = Math.max(...findings.map((line) => line.length));
  expect(longest).toBeLessThanOrEqual(columns);
  expect(longest).toBeGreaterThan(columns - 30);
});

test('the width is that of the terminal within reason, and 100 where there is none', () => {
  expect([{}, { columns: 80 }, { columns: 20 }, { columns: 300 }].map(columnsOf)).toEqual([100, 80, 50, 120]);
});

test('a workload that is allowed is not all right where its Pods stop, and names the objects that are meant', () => {
  const owner = stored('monitoring.coreos.com/v1', 'Prometheus', 'main');
  const app = [container('app', privileged)];
  const set = ownedBy(owner, workload('apps/v1', 'StatefulSet', 'main', app));
  const rollUp = openRollUp('shop', onlyRules(['no-privileged-containers']), surroundingsOf([], known));
  const [template, pod] = [set, ownedBy(set, runningPod('main-0', app))].map(kubernetesObject);
  if (template === undefined || pod === undefined) throw new Error('these are no objects');
  rollUp.addWorkload(template);
  rollUp.addPod(pod);
  const [text, sum] = [openText({ paint: plain, detailed: false }), openSum()];
  for (const subject of rollUp.subjects()) {
    text.add(subject);
    sum.add(subject);
  }
  expect(text.text(sum, 0)).toMatchInlineSnapshot(`
    "Prometheus shop/main (StatefulSet main): allowed; its Pods would be denied at the next restart
      enforce  container "app": is privileged; remove securityContext.privileged and add only the
               capabilities it needs (no-privileged-containers)
               spec.containers[0].securityContext.privileged

    1 subject: none denied; findings: 1 enforce
    Why and how: podwright explain no-privileged-containers"
  `);
});
