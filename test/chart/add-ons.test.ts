import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chartArgument } from '../../scripts/add-ons/chart-argument.ts';
import { reviewAddOns } from '../../scripts/add-ons/review.ts';

const root = mkdtempSync(path.join(tmpdir(), 'podwright-add-ons-'));
const [policy, chart, values] = ['policy.yaml', 'agent', 'pid.yaml'].map((name) => path.join(root, name)) as [
  string,
  string,
  string,
];
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() => {
  mkdirSync(path.join(chart, 'templates'), { recursive: true });
  writeFileSync(path.join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: agent\nversion: 1.0.0\n');
  writeFileSync(path.join(chart, 'values.yaml'), 'hostPID: false\n');
  writeFileSync(values, 'hostPID: true\n');
  writeFileSync(
    path.join(chart, 'templates/agent.yaml'),
    `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .Release.Name }}-agent
  namespace: {{ .Release.Namespace }}
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      hostNetwork: true
      hostPID: {{ .Values.hostPID }}
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 }
      containers:
      - name: agent
        image: registry.example/agent:1.0
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
        resources: { requests: { cpu: 10m, memory: 32Mi } }
`,
  );
  writeFileSync(
    policy,
    `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: recommended
exemptions:
- name: agent
  rules: [no-host-network, no-host-path, no-host-ports]
  match: { namespaces: [agents], workloads: [DaemonSet/*-agent, Deployment/agent-operator] }
  reason: measures the node
  owner: platform
- name: other
  rules: [no-host-pid]
  match: { namespaces: [others], workloads: [DaemonSet/other] }
  reason: is not rendered here
  owner: platform
`,
  );
});

const review = (...texts: string[]) =>
  reviewAddOns(
    texts.map(chartArgument).filter((each) => each !== undefined),
    policy,
  );

test('lists what is not exempt, by mode, and what is exempt without need', async () => {
  expect(await review(`agents/node=${chart}`, `agents/node=${chart},${values}`, `elsewhere/node=${chart}`)).toEqual({
    lines: [
      'agents/node',
      '  warn DaemonSet/node-agent: require-memory-limit',
      'agents/node',
      '  enforce DaemonSet/node-agent: no-host-pid',
      '  warn DaemonSet/node-agent: require-memory-limit',
      'elsewhere/node',
      '  enforce DaemonSet/node-agent: no-host-network',
      '  warn DaemonSet/node-agent: require-memory-limit',
      'exemption agent: nothing needs its rules no-host-path, no-host-ports',
      'exemption agent: nothing needs its workloads Deployment/agent-operator',
    ],
    problems: [],
  });
});

test('a chart that cannot be rendered is a problem and does not hide the others', async () => {
  const { lines, problems } = await review(`agents/none=${root}/none`, `agents/node=${chart}`);
  expect(lines[0]).toBe('agents/node');
  expect(problems).toEqual([expect.stringMatching(/^agents\/none: .*none/)]);
});

test.each(['', 'charts/agent', 'agents=charts/agent', 'Agents/a=b', 'agents/a=', 'agents/a=b,'])(
  'no chart: "%s"',
  (text) => {
    expect(chartArgument(text)).toBeUndefined();
  },
);
