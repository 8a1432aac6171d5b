import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { plain } from '../../../src/cli/output/paint.ts';
import { runAudit } from '../../../src/cli/run-audit.ts';
import { auditAs, auditTextAs } from './fixtures.ts';

test('yaml is what json is', async () => {
  expect(parse(await auditAs('yaml'))).toEqual(JSON.parse(await auditAs('json')));
});

test('json, yaml and gitlab list input that cannot be read or would be rejected', async () => {
  const file = 'test/cli/formats/manifests/broken.yaml';
  const unreadable = 'cannot be parsed: unexpected end of the stream within a flow collection';
  const rejected = 'the cluster would reject it: spec.hostPID is a string; it must be a boolean';
  const json = JSON.parse(await auditAs('json', ['broken.yaml'])) as { problems: unknown };
  expect(json.problems).toEqual([
    { file, line: 4, column: 1, message: unreadable },
    { file, line: 8, column: 9, message: rejected },
  ]);
  expect(parse(await auditAs('yaml', ['broken.yaml']))).toEqual(json);
  const issue = (line: number, description: string) => ({
    description,
    check_name: 'invalid-input',
    fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
    severity: 'blocker',
    location: { path: file, lines: { begin: line } },
  });
  expect(JSON.parse(await auditAs('gitlab', ['broken.yaml']))).toEqual([issue(4, unreadable), issue(8, rejected)]);
});

test('junit: a suite for each subject, a test for each rule', async () => {
  expect(await auditAs('junit')).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="podwright">
      <testsuite name="test/cli/formats/manifests/shop.yaml:1 Deployment shop/web" tests="6" failures="2" errors="0" skipped="0" time="0">
        <testcase name="no-host-network" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><failure type="enforce" message="hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)">enforce 9:7 hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) [spec.template.spec.hostNetwork]
    https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md</failure></testcase>
        <testcase name="no-host-pid" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"/>
        <testcase name="no-privilege-escalation" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><system-out>repaired (can change behavior) 11:9 container &quot;app&quot;: may gain privileges; set securityContext.allowPrivilegeEscalation: false [spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation]
    repaired (can change behavior) 15:9 container &quot;proxy&quot;: may gain privileges; set securityContext.allowPrivilegeEscalation: false [spec.template.spec.containers[1].securityContext.allowPrivilegeEscalation]</system-out></testcase>
        <testcase name="read-only-root-filesystem" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><system-out>audit 11:9 container &quot;app&quot;: can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true [spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem]
    audit 15:9 container &quot;proxy&quot;: can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true [spec.template.spec.containers[1].securityContext.readOnlyRootFilesystem]</system-out></testcase>
        <testcase name="require-cpu-request" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><failure type="enforce" message="container &quot;proxy&quot;: requests no cpu; set resources.requests.cpu">enforce 15:9 container &quot;proxy&quot;: requests no cpu; set resources.requests.cpu [spec.template.spec.containers[1].resources.requests.cpu]
    https://github.com/podwright/podwright/blob/main/docs/rules/require-cpu-request.md</failure></testcase>
        <testcase name="require-readiness-probe" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><system-out>warn 11:9 container &quot;app&quot;: serves a port but has no readinessProbe; add one, or traffic arrives too early [spec.template.spec.containers[0].readinessProbe]</system-out></testcase>
      </testsuite>
      <testsuite name="test/cli/formats/manifests/shop.yaml:18 DaemonSet kube-net/agent" tests="6" failures="0" errors="0" skipped="2" time="0">
        <testcase name="no-host-network" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"><skipped message="exempt: programs the node&#39;s network (node-agents of team-net)"/></testcase>
        <testcase name="no-host-pid" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"/>
        <testcase name="no-privilege-escalation" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"/>
        <testcase name="read-only-root-filesystem" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"/>
        <testcase name="require-cpu-request" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"/>
        <testcase name="require-readiness-probe" classname="test/cli/formats/manifests/shop.yaml DaemonSet kube-net/agent" time="0"><skipped message="no container declares a port for traffic or has a probe of a port"/></testcase>
      </testsuite>
      <testsuite name="test/cli/formats/manifests/shop.yaml:31 Job shop/50%|&lt;b&gt;:*," tests="6" failures="1" errors="0" skipped="1" time="0">
        <testcase name="no-host-network" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"/>
        <testcase name="no-host-pid" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"><failure type="enforce" message="hostPID is true and shows every process of the node; remove it (a node agent needs an exemption)">enforce 38:7 hostPID is true and shows every process of the node; remove it (a node agent needs an exemption) [spec.template.spec.hostPID]
    https://github.com/podwright/podwright/blob/main/docs/rules/no-host-pid.md</failure></testcase>
        <testcase name="no-privilege-escalation" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"/>
        <testcase name="read-only-root-filesystem" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"/>
        <testcase name="require-cpu-request" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"/>
        <testcase name="require-readiness-probe" classname="test/cli/formats/manifests/shop.yaml Job shop/50%|&lt;b&gt;:*," time="0"><skipped message="the Pod ends by itself"/></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test('junit: input that could not be checked is an error, and --fail-on sets the threshold for failures', async () => {
  const output = await auditAs('junit', ['broken.yaml', 'shop.yaml'], { failOn: 'warn' });
  expect(output.split('\n').filter((line) => /<error|type="warn"/.test(line))).toMatchInlineSnapshot(`
    [
      "    <testcase name="test/cli/formats/manifests/broken.yaml:4:1" classname="input" time="0"><error message="cannot be parsed: unexpected end of the stream within a flow collection"/></testcase>",
      "    <testcase name="test/cli/formats/manifests/broken.yaml:8:9" classname="input" time="0"><error message="the cluster would reject it: spec.hostPID is a string; it must be a boolean"/></testcase>",
      "    <testcase name="require-readiness-probe" classname="test/cli/formats/manifests/shop.yaml Deployment shop/web" time="0"><failure type="warn" message="container &quot;app&quot;: serves a port but has no readinessProbe; add one, or traffic arrives too early">warn 11:9 container &quot;app&quot;: serves a port but has no readinessProbe; add one, or traffic arrives too early [spec.template.spec.containers[0].readinessProbe]",
    ]
  `);
});

test('junit: no two tests have the same class and name, and every name is valid XML', async () => {
  const pod = `{ apiVersion: v1, kind: Pod, metadata: { name: "a\\uFFFE" }, spec: { hostPID: true, containers: [] } }\n`;
  const output = await auditTextAs('junit', `${pod}---\n${pod}`);
  const lines = output.split('\n').filter((line) => line.includes('name="no-host-pid"'));
  expect(lines.map((line) => /classname="[^"]*"/.exec(line)?.[0])).toEqual([
    'classname="stdin Pod a\uFFFD"',
    'classname="stdin Pod a\uFFFD (2)"',
  ]);
  expect(output).not.toMatch(/[\uFFFE\uFFFF]/);
});

test('github: an annotation for each reported finding, the worst first', async () => {
  expect(await auditAs('github', ['shop.yaml', 'broken.yaml'])).toMatchInlineSnapshot(`
    "::error file=test/cli/formats/manifests/broken.yaml,line=4,col=1,title=podwright::cannot be parsed: unexpected end of the stream within a flow collection
    ::error file=test/cli/formats/manifests/broken.yaml,line=8,col=9,title=podwright::the cluster would reject it: spec.hostPID is a string; it must be a boolean
    ::error file=test/cli/formats/manifests/shop.yaml,line=38,col=7,title=no-host-pid::Job shop/50%25|<b>:*,: hostPID is true and shows every process of the node; remove it (a node agent needs an exemption)
    ::error file=test/cli/formats/manifests/shop.yaml,line=9,col=7,title=no-host-network::Deployment shop/web: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
    ::error file=test/cli/formats/manifests/shop.yaml,line=15,col=9,title=require-cpu-request::Deployment shop/web: container "proxy": requests no cpu; set resources.requests.cpu
    ::warning file=test/cli/formats/manifests/shop.yaml,line=11,col=9,title=require-readiness-probe::Deployment shop/web: container "app": serves a port but has no readinessProbe; add one, or traffic arrives too early
    4 subjects: 2 denied; 1 invalid; findings: 3 enforce, 1 warn, 2 audit; 2 repaired at admission; 1 exempt
    Why and how: podwright explain no-host-network"
  `);
});

test('gitlab: an issue for each', async () => {
  expect(JSON.parse(await auditAs('gitlab'))).toMatchInlineSnapshot(`
    [
      {
        "check_name": "no-host-network",
        "description": "Deployment shop/web: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)",
        "fingerprint": "73de3b9c30f230e1:1",
        "location": {
          "lines": {
            "begin": 9,
          },
          "path": "test/cli/formats/manifests/shop.yaml",
        },
        "severity": "critical",
      },
      {
        "check_name": "require-cpu-request",
        "description": "Deployment shop/web: container "proxy": requests no cpu; set resources.requests.cpu",
        "fingerprint": "84dc9deb9cf738e9:1",
        "location": {
          "lines": {
            "begin": 15,
          },
          "path": "test/cli/formats/manifests/shop.yaml",
        },
        "severity": "major",
      },
      {
        "check_name": "require-readiness-probe",
        "description": "Deployment shop/web: container "app": serves a port but has no readinessProbe; add one, or traffic arrives too early",
        "fingerprint": "0578e4cfde6f394a:1",
        "location": {
          "lines": {
            "begin": 11,
          },
          "path": "test/cli/formats/manifests/shop.yaml",
        },
        "severity": "major",
      },
      {
        "check_name": "no-host-pid",
        "description": "Job shop/50%|<b>:*,: hostPID is true and shows every process of the node; remove it (a node agent needs an exemption)",
        "fingerprint": "6101c911153b7395:1",
        "location": {
          "lines": {
            "begin": 38,
          },
          "path": "test/cli/formats/manifests/shop.yaml",
        },
        "severity": "blocker",
      },
    ]
  `);
});

test('gitlab: standard input has the object for a path', async () => {
  const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { hostPID: true, containers: [] } }';
  expect(JSON.parse(await auditTextAs('gitlab', pod))[0].location).toEqual({ path: 'Pod/web', lines: { begin: 1 } });
});

test('markdown: the sum, and what is left to do, folded by workload', async () => {
  expect(await auditAs('markdown', ['shop.yaml', 'broken.yaml'])).toMatchInlineSnapshot(`
    "<!-- podwright -->
    ### ❌ Podwright

    4 subjects: 2 denied; 1 invalid; findings: 3 enforce, 1 warn, 2 audit; 2 repaired at admission; 1 exempt.

    - \`test/cli/formats/manifests/broken.yaml:4:1\` cannot be parsed: unexpected end of the stream within a flow collection

    - \`test/cli/formats/manifests/broken.yaml:8:9\` the cluster would reject it: spec.hostPID is a string; it must be a boolean

    <details><summary>Deployment shop/web: <b>denied</b>: 2 enforce, 1 warn</summary>

    | | Where | What | Rule |
    | --- | --- | --- | --- |
    | enforce | \`test/cli/formats/manifests/shop.yaml:9:7\` | hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) | [no-host-network](https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md) |
    | enforce | \`test/cli/formats/manifests/shop.yaml:15:9\` | container "proxy": requests no cpu; set resources.requests.cpu | [require-cpu-request](https://github.com/podwright/podwright/blob/main/docs/rules/require-cpu-request.md) |
    | warn | \`test/cli/formats/manifests/shop.yaml:11:9\` | container "app": serves a port but has no readinessProbe; add one, or traffic arrives too early | [require-readiness-probe](https://github.com/podwright/podwright/blob/main/docs/rules/require-readiness-probe.md) |

    </details>

    <details><summary>Job shop/50%|&lt;b&gt;:*,: <b>denied</b>: 1 enforce</summary>

    | | Where | What | Rule |
    | --- | --- | --- | --- |
    | enforce | \`test/cli/formats/manifests/shop.yaml:38:7\` | hostPID is true and shows every process of the node; remove it (a node agent needs an exemption) | [no-host-pid](https://github.com/podwright/podwright/blob/main/docs/rules/no-host-pid.md) |

    </details>

    <sub>Policy: test/cli/formats/manifests/policy.yaml</sub>
    "
  `);
});

test('markdown: the name of a workload mentions nobody', async () => {
  const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: "@all" }, spec: { hostPID: true, containers: [] } }';
  expect(await auditTextAs('markdown', pod)).toContain('<summary>Pod &#64;all: ');
});

test('markdown: as many workloads as a comment holds, and how many more there are', async () => {
  const pod = (name: number) =>
    `{ apiVersion: v1, kind: Pod, metadata: { name: p${name} }, spec: { hostPID: true, containers: [] } }\n---\n`;
  const output = await auditTextAs('markdown', Array.from({ length: 400 }, (_, index) => pod(index)).join(''));
  expect(output.length).toBeLessThan(60_100);
  const told = output.match(/<details>/g)?.length ?? 0;
  expect(output).toContain(`\nand ${400 - told} workloads more.\n`);
});

test('formats go to files, and one to standard output', async () => {
  const targets = [
    { format: 'gitlab', file: 'quality.json' },
    { format: 'github', file: undefined },
    { format: 'text', file: 'out/report.txt' },
  ] as const;
  const paths = ['test/cli/formats/manifests/shop.yaml'];
  const policy = 'test/cli/formats/manifests/policy.yaml';
  const result = await runAudit(paths, { failOn: 'never', policy, output: targets }, () => Readable.from([]), plain);
  expect(result).toEqual({
    output: await auditAs('github'),
    files: [
      { file: 'quality.json', text: await auditAs('gitlab') },
      { file: 'out/report.txt', text: await auditAs('text') },
    ],
    messages: [],
    exitCode: 0,
  });
});
