import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { AuditOptions } from '../../src/cli/audit-options.ts';
import type { CommandResult } from '../../src/cli/command-result.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';

const json = [{ format: 'json', file: undefined }] as const;
const fixture = (name: string): string => path.relative('.', path.join(import.meta.dirname, 'fixtures', name));
const defaults: AuditOptions = { failOn: 'enforce', policy: fixture('policy.yaml') };

const auditFiles = (names: readonly string[], options: Partial<AuditOptions> = {}): Promise<CommandResult> =>
  runAudit(names.map(fixture), { ...defaults, ...options }, () => Readable.from([]), plain);

const auditText = (text: string, options: Partial<AuditOptions> = {}): Promise<CommandResult> =>
  runAudit(['-'], { ...defaults, ...options }, () => Readable.from([text]), plain);

const podWith = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: ${spec}\n`;

describe('text', () => {
  test('a paragraph for each subject with findings, and the sum', async () => {
    expect(await auditFiles(['web.yaml', 'good.yaml'])).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "messages": [],
        "output": "test/cli/fixtures/web.yaml:2 Deployment shop/web: denied
        enforce  12:7  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)
        warn     14:9  container "app": may be root, its image decides; set runAsNonRoot: true (and
                       runAsUser for an image built as root) (run-as-non-root)
        recorded only: read-only-root-filesystem
        repaired (can change behavior): no-privilege-escalation

      test/cli/fixtures/web.yaml:25 Job report-*: allowed
        repaired at admission: run-as-non-root
        repaired (can change behavior): no-privilege-escalation

      3 subjects: 1 denied; findings: 1 enforce, 1 warn, 1 audit; 3 repaired at admission; 1 skipped
      Why and how: podwright explain no-host-network",
      }
    `);
  });

  test('findings that are only recorded are spelled out for those who fail on them', async () => {
    expect((await auditFiles(['web.yaml'], { failOn: 'audit' })).output).toMatchInlineSnapshot(`
      "test/cli/fixtures/web.yaml:2 Deployment shop/web: denied
        enforce  12:7  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)
        warn     14:9  container "app": may be root, its image decides; set runAsNonRoot: true (and
                       runAsUser for an image built as root) (run-as-non-root)
        audit    14:9  container "app": can write to its root filesystem; set
                       securityContext.readOnlyRootFilesystem: true (read-only-root-filesystem)
        repaired (can change behavior): no-privilege-escalation

      test/cli/fixtures/web.yaml:25 Job report-*: allowed
        repaired at admission: run-as-non-root
        repaired (can change behavior): no-privilege-escalation

      2 subjects: 1 denied; findings: 1 enforce, 1 warn, 1 audit; 3 repaired at admission; 1 skipped
      Why and how: podwright explain no-host-network"
    `);
  });

  test('under mode audit, what would become of it', async () => {
    expect((await auditFiles(['web.yaml'], { mode: 'audit' })).output).toMatchInlineSnapshot(`
      "test/cli/fixtures/web.yaml:2 Deployment shop/web: allowed
        audit    12:7  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)
        audit    14:9  container "app": may be root, its image decides; set runAsNonRoot: true (and
                       runAsUser for an image built as root) (run-as-non-root)
        recorded only: read-only-root-filesystem
        would be repaired (can change behavior): no-privilege-escalation

      test/cli/fixtures/web.yaml:25 Job report-*: allowed
        would be repaired: run-as-non-root
        would be repaired (can change behavior): no-privilege-escalation

      2 subjects: none denied; findings: 3 audit; 3 would be repaired; 1 skipped
      Why and how: podwright explain no-host-network"
    `);
  });

  test('what fixes do, below the findings', async () => {
    const { output } = await auditFiles(['web.yaml'], { diff: true });
    expect(output).toMatchInlineSnapshot(`
      "test/cli/fixtures/web.yaml:2 Deployment shop/web: denied
        enforce  12:7  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)
        warn     14:9  container "app": may be root, its image decides; set runAsNonRoot: true (and
                       runAsUser for an image built as root) (run-as-non-root)
        recorded only: read-only-root-filesystem
        repaired (can change behavior): no-privilege-escalation
      --- Deployment shop/web
      +++ Deployment shop/web, repaired
      @@ -1,6 +1,8 @@
       metadata:
         labels:
           app: web
      +  annotations:
      +    podwright.dev/fixed: no-privilege-escalation
       spec:
         hostNetwork: true
         containers:
      @@ -13,3 +15,5 @@
             requests:
               cpu: 100m
               memory: 64Mi
      +    securityContext:
      +      allowPrivilegeEscalation: false

      test/cli/fixtures/web.yaml:25 Job report-*: allowed
        repaired at admission: run-as-non-root
        repaired (can change behavior): no-privilege-escalation
      --- Job report-*
      +++ Job report-*, repaired
      @@ -1,3 +1,6 @@
      +metadata:
      +  annotations:
      +    podwright.dev/fixed: no-privilege-escalation,run-as-non-root
       spec:
         restartPolicy: Never
         securityContext:
      @@ -7,6 +10,8 @@
           image: registry.example/report:1.0
           securityContext:
             readOnlyRootFilesystem: true
      +      allowPrivilegeEscalation: false
      +      runAsNonRoot: true
           resources:
             requests:
               cpu: 100m

      2 subjects: 1 denied; findings: 1 enforce, 1 warn, 1 audit; 3 repaired at admission; 1 skipped
      Why and how: podwright explain no-host-network"
    `);
  });

  test('a compliant Pod has no output', async () => {
    expect(await auditFiles(['good.yaml'])).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "messages": [],
        "output": "1 subject: none denied; no findings",
      }
    `);
  });

  test('no Pods', async () => {
    expect(await auditText('{ apiVersion: v1, kind: Service }')).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "messages": [],
        "output": "no Pods found: the input contains no Pods or Pod templates; 1 skipped",
      }
    `);
  });

  test('several templates of one object are told apart', async () => {
    const template = '{ spec: { containers: [{ name: app, image: "registry.example/app:1.0" }] } }';
    const { output } = await auditText(`
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: { name: train }
spec:
  leaderWorkerTemplate:
    leaderTemplate: ${template}
    workerTemplate: ${template}
`);
    expect(output.split('\n').filter((line) => line.startsWith('stdin'))).toMatchInlineSnapshot(`
      [
        "stdin:2 LeaderWorkerSet train spec.leaderWorkerTemplate.leaderTemplate: denied",
        "stdin:2 LeaderWorkerSet train spec.leaderWorkerTemplate.workerTemplate: denied",
      ]
    `);
  });

  test('control characters of a manifest do not reach the terminal', async () => {
    const { output } = await auditText(
      '{ apiVersion: v1, kind: Pod, metadata: { name: "a\\e[2Jb" }, spec: { hostNetwork: true } }',
    );
    expect(output.split('\n')[0]).toBe('stdin:1 Pod a [2Jb: denied');
  });
});

test('json is the whole report', async () => {
  const { output, ...rest } = await auditFiles(['web.yaml'], { output: json });
  expect(rest).toEqual({ messages: [], exitCode: 1 });
  expect(JSON.parse(output)).toMatchInlineSnapshot(`
    {
      "subjects": [
        {
          "apiVersion": "apps/v1",
          "file": "test/cli/fixtures/web.yaml",
          "findings": [
            {
              "category": "security",
              "changesBehavior": false,
              "column": 7,
              "container": null,
              "exempt": null,
              "fixed": false,
              "line": 12,
              "message": "hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)",
              "mode": "enforce",
              "path": "/spec/template/spec/hostNetwork",
              "rule": "no-host-network",
              "severity": "high",
            },
            {
              "category": "security",
              "changesBehavior": true,
              "column": 9,
              "container": "app",
              "exempt": null,
              "fixed": true,
              "line": 14,
              "message": "may gain privileges; set securityContext.allowPrivilegeEscalation: false",
              "mode": "enforce",
              "path": "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
              "rule": "no-privilege-escalation",
              "severity": "high",
            },
            {
              "category": "security",
              "changesBehavior": false,
              "column": 9,
              "container": "app",
              "exempt": null,
              "fixed": false,
              "line": 14,
              "message": "may be root, its image decides; set runAsNonRoot: true (and runAsUser for an image built as root)",
              "mode": "warn",
              "path": "/spec/template/spec/containers/0/securityContext/runAsNonRoot",
              "rule": "run-as-non-root",
              "severity": "high",
            },
            {
              "category": "security",
              "changesBehavior": false,
              "column": 9,
              "container": "app",
              "exempt": null,
              "fixed": false,
              "line": 14,
              "message": "can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true",
              "mode": "audit",
              "path": "/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem",
              "rule": "read-only-root-filesystem",
              "severity": "medium",
            },
          ],
          "kind": "Deployment",
          "line": 2,
          "name": "web",
          "namespace": "shop",
          "patch": [
            {
              "op": "add",
              "path": "/spec/template/spec/containers/0/securityContext",
              "value": {
                "allowPrivilegeEscalation": false,
              },
            },
            {
              "op": "add",
              "path": "/spec/template/metadata/annotations",
              "value": {
                "podwright.dev/fixed": "no-privilege-escalation",
              },
            },
          ],
          "podPath": "/spec/template",
          "typeErrors": [],
          "verdict": "deny",
        },
        {
          "apiVersion": "batch/v1",
          "file": "test/cli/fixtures/web.yaml",
          "findings": [
            {
              "category": "security",
              "changesBehavior": true,
              "column": 9,
              "container": "app",
              "exempt": null,
              "fixed": true,
              "line": 36,
              "message": "may gain privileges; set securityContext.allowPrivilegeEscalation: false",
              "mode": "enforce",
              "path": "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
              "rule": "no-privilege-escalation",
              "severity": "high",
            },
            {
              "category": "security",
              "changesBehavior": false,
              "column": 9,
              "container": "app",
              "exempt": null,
              "fixed": true,
              "line": 36,
              "message": "is not declared non-root; set runAsNonRoot: true",
              "mode": "warn",
              "path": "/spec/template/spec/containers/0/securityContext/runAsNonRoot",
              "rule": "run-as-non-root",
              "severity": "high",
            },
          ],
          "kind": "Job",
          "line": 25,
          "name": "report-*",
          "namespace": null,
          "patch": [
            {
              "op": "add",
              "path": "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation",
              "value": false,
            },
            {
              "op": "add",
              "path": "/spec/template/spec/containers/0/securityContext/runAsNonRoot",
              "value": true,
            },
            {
              "op": "add",
              "path": "/spec/template/metadata",
              "value": {
                "annotations": {
                  "podwright.dev/fixed": "no-privilege-escalation,run-as-non-root",
                },
              },
            },
          ],
          "podPath": "/spec/template",
          "typeErrors": [],
          "verdict": "allow",
        },
      ],
      "summary": {
        "denied": 1,
        "exempt": 0,
        "findings": {
          "audit": 1,
          "enforce": 1,
          "warn": 1,
        },
        "fixed": 3,
        "skipped": 1,
        "subjects": 2,
      },
      "version": 1,
    }
  `);
});

describe('exit code', () => {
  test.each([
    ['never', 0],
    ['audit', 1],
    ['warn', 1],
    ['enforce', 1],
  ] as const)('with findings of all modes and --fail-on %s', async (failOn, exitCode) => {
    expect((await auditFiles(['web.yaml'], { failOn })).exitCode).toBe(exitCode);
  });

  test.each([
    ['never', 'enforce', 0],
    ['enforce', 'warn', 0],
    ['warn', 'warn', 1],
    ['warn', 'audit', 0],
    ['audit', 'audit', 1],
    ['audit', 'off', 0],
  ] as const)('--fail-on %s under --mode %s', async (failOn, mode, exitCode) => {
    expect((await auditFiles(['web.yaml'], { failOn, mode })).exitCode).toBe(exitCode);
  });

  test('under --mode off nothing is found', async () => {
    expect((await auditFiles(['web.yaml'], { mode: 'off' })).output).toBe(
      '2 subjects: none denied; no findings; 1 skipped',
    );
  });

  test('a fixed finding counts only when fixes are off', async () => {
    const pod = podWith(
      '{ restartPolicy: Never, containers: [{ name: app, image: a:1, resources: { limits: { cpu: 1, memory: 1Gi } } }] }',
    );
    expect((await auditText(pod)).exitCode).toBe(0);
    expect((await auditText(pod, { fixes: false })).exitCode).toBe(1);
  });
});

describe('input that cannot be checked is reported after everything else, with exit code 2', () => {
  test('a document that does not parse', async () => {
    const broken = 'apiVersion: v1\nkind: Pod\nspec: { env: "hunter2\n';
    const { messages, exitCode, output } = await auditText(`${podWith('{ hostNetwork: true }')}---\n${broken}`);
    expect({ messages, exitCode }).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "stdin:9:1: cannot be parsed: unexpected end of the stream within a double quoted scalar",
        ],
      }
    `);
    expect(output).toContain('stdin:1 Pod web: denied');
  });

  test('a Helm template is named as one', async () => {
    const { messages } = await auditText('kind: {{ .Values.kind }\nname: [');
    expect(messages).toMatchInlineSnapshot(`
      [
        "stdin:2:1: cannot be parsed: missed comma between flow collection entries; render a Helm template first: helm template … | podwright audit -",
      ]
    `);
  });

  test('a value of a wrong type, which the cluster would refuse', async () => {
    const pod = podWith('\n  hostNetwork: "true"\n  containers:\n  - name: y\n    env: [{ name: A, value: 1234567 }]');
    const { messages, exitCode, output } = await auditText(pod, { policy: fixture('policy.yaml') });
    expect({ messages, exitCode }).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "stdin:5:3: the cluster would reject it: spec.hostNetwork is a string; it must be a boolean",
          "stdin:7:5: the cluster would reject it: spec.containers[0].name is a boolean; it must be a string",
          "stdin:8:22: the cluster would reject it: spec.containers[0].env[0].value is a number; it must be a string",
        ],
      }
    `);
    expect(output).toMatchInlineSnapshot(`
      "stdin:1 Pod web: invalid
        enforce  7:5  container "": may gain privileges; set securityContext.allowPrivilegeEscalation:
                      false (no-privilege-escalation)
        enforce  7:5  container "": requests no cpu; set resources.requests.cpu (require-cpu-request)
        enforce  7:5  container "": requests no memory; set resources.requests.memory
                      (require-memory-request)
        warn     7:5  container "": may be root, its image decides; set runAsNonRoot: true (and runAsUser
                      for an image built as root) (run-as-non-root)
        recorded only: read-only-root-filesystem

      1 subject: none denied; 1 invalid; findings: 3 enforce, 1 warn, 1 audit
      Why and how: podwright explain no-privilege-escalation"
    `);
  });

  test('an object that the cluster would reject is denied, with the place of the value', async () => {
    const pod = podWith('{ hostNetwork: "true" }');
    const { subjects } = JSON.parse((await auditText(pod, { output: json })).output);
    const message = 'is a string; it must be a boolean';
    expect(subjects[0]).toMatchObject({
      verdict: 'deny',
      typeErrors: [{ path: '/spec/hostNetwork', line: 4, column: 9, message }],
    });
  });

  test('files that cannot be read, or not to their end', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'a.yaml'));
    writeFileSync(path.join(folder, 'b.yaml'), podWith('{ hostNetwork: true }'));
    execFileSync(
      'mkfifo',
      ['c.yaml', '.podwrightignore'].map((name) => path.join(folder, name)),
    );
    symlinkSync('/dev/zero', path.join(folder, 'd.yaml'));
    const { messages, exitCode, output } = await runAudit([folder], defaults, () => Readable.from([]), plain);
    rmSync(folder, { recursive: true });
    expect(messages).toEqual([
      expect.stringMatching(/a\.yaml: cannot be read: ENOENT/),
      expect.stringMatching(/c\.yaml: cannot be read: it is a named pipe, not a file$/),
      expect.stringMatching(/d\.yaml: cannot be read: it is a device, not a file$/),
    ]);
    expect(exitCode).toBe(2);
    expect(output).toContain('b.yaml:1 Pod web: denied');
  });

  test('values of a workload that the API server does not decode', async () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: 123, namespace: 1, labels: { v: 1.0 }, annotations: { on: "yes" }, creationTimestamp: null }
spec:
  replicas: "3"
  selector: { matchLabels: { a: yes } }
  template: { metadata: { labels: { a: "true" } }, spec: { containers: [] } }
`;
    const { messages, exitCode } = await auditText(text);
    expect({ messages, exitCode }).toEqual({
      messages: [
        'stdin:3:13: the cluster would reject it: metadata.name is a number; it must be a string',
        'stdin:3:24: the cluster would reject it: metadata.namespace is a number; it must be a string',
        'stdin:3:48: the cluster would reject it: metadata.labels.v is a number; it must be a string',
        'stdin:5:3: the cluster would reject it: spec.replicas is a string; it must be an integer',
        'stdin:6:30: the cluster would reject it: spec.selector.matchLabels.a is a boolean; it must be a string',
      ],
      exitCode: 2,
    });
  });

  test('a path that names nothing, while the others are still checked', async () => {
    const { messages, exitCode, output } = await auditFiles(['good.yaml', 'none.yaml', 'empty-*.yaml']);
    expect({ messages, exitCode, output }).toEqual({
      messages: [
        'test/cli/fixtures/none.yaml: no such file or directory',
        'test/cli/fixtures/empty-*.yaml: no manifest matches',
      ],
      exitCode: 2,
      output: (await auditFiles(['good.yaml'])).output,
    });
  });

  test('nothing but such paths', async () => {
    expect(await auditFiles(['none.yaml', 'nothing'])).toEqual({
      output: '',
      messages: [
        'test/cli/fixtures/none.yaml: no such file or directory',
        'test/cli/fixtures/nothing: no such file or directory',
      ],
      exitCode: 2,
    });
  });

  test('standard input without a byte, as from a program that failed', async () => {
    const { messages, exitCode } = await auditText('');
    expect({ messages, exitCode }).toEqual({
      messages: ['stdin: cannot be read: it is empty; the program that writes it may have failed'],
      exitCode: 2,
    });
    expect((await auditText('# nothing is enabled\n')).exitCode).toBe(0);
  });

  test('HTML in a directory, where text for other programs is skipped', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
    writeFileSync(path.join(folder, 'a.yaml'), '<!DOCTYPE html>\n<html><body>Not Found</body></html>\n');
    writeFileSync(path.join(folder, 'b.yaml'), '{% for each in all %}\n');
    const { messages, exitCode } = await runAudit([folder], defaults, () => Readable.from([]), plain);
    rmSync(folder, { recursive: true });
    expect({ messages, exitCode }).toEqual({
      messages: [expect.stringMatching(/a\.yaml:1:1: is HTML or XML, not a Kubernetes object$/)],
      exitCode: 2,
    });
  });

  test('no path at all', async () => {
    expect(await auditFiles([])).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "nothing to audit: specify files or directories, or - for standard input; see podwright audit --help",
        ],
        "output": "",
      }
    `);
  });
});

test('the value of an environment variable is in no output', async () => {
  const text = JSON.stringify([
    await auditFiles(['web.yaml'], { failOn: 'audit' }),
    await auditFiles(['web.yaml'], { output: json }),
    await auditText(
      podWith('{ containers: [{ env: [{ name: A, value: [hunter2] }, { name: B, value: { a: hunter2 } }] }] }'),
    ),
  ]);
  expect(text).not.toContain('hunter2');
});

describe('what is passed over', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n';

  test('is listed with --verbose', async () => {
    const text = `${podWith('{ containers: [] }')}---\n${service}---\nreplicas: 1\n`;
    expect((await auditText(text, { verbose: true })).messages).toEqual([
      'stdin:6:1: skipped Service web: it creates no Pods',
      'stdin:10:1: skipped a document: it has no apiVersion and kind',
    ]);
    expect((await auditText(text)).messages).toEqual([]);
  });

  test('the node that the scheduler chose is no finding, in a dump of a cluster', async () => {
    const onNode = (more: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: a, containers: [] }\n${more}`;
    const rules = async (text: string): Promise<string> =>
      (await auditText(text, { policy: 'examples/policies/note.yaml', output: json })).output;
    expect(await rules(onNode(''))).toContain('no-node-name');
    expect(await rules(onNode('status: {}'))).toContain('no-node-name');
    expect(await rules(onNode('status: { phase: Running }'))).not.toContain('no-node-name');
  });
});
