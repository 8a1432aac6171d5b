import { readFileSync } from 'node:fs';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/rules/index.ts';
import { auditAs, auditTextAs } from './fixtures.ts';

const parsed = (text: string): Log => JSON.parse(text) as Log;
const runOf = (text: string): Run => parsed(text).runs[0] as Run;
// written for draft 4, of which it needs nothing that has changed
const { $schema: _, id: __, ...body } = schema as Record<string, unknown>;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(body);

function problemsOf(text: string): unknown {
  validate(parsed(text));
  return validate.errors ?? [];
}

/** Rule, place and fingerprint. */
const identities = (text: string): [string, string][] =>
  (runOf(text).results ?? []).map(({ ruleId = '', partialFingerprints = {}, locations = [] }) => [
    `${ruleId} ${locations[0]?.logicalLocations?.[0]?.fullyQualifiedName}`,
    partialFingerprints['podwright/v1'] ?? '',
  ]);

describe('is valid against the schema of SARIF 2.1.0', () => {
  test('of files', async () => {
    expect(problemsOf(await auditAs('sarif', ['shop.yaml', 'broken.yaml']))).toEqual([]);
  });
  test('of standard input without a name', async () => {
    expect(problemsOf(await auditTextAs('sarif', 'a: ['))).toEqual([]);
  });
  test('with every rule', async () => {
    const policy = 'examples/policies/hardened.yaml';
    expect(problemsOf(await auditAs('sarif', ['shop.yaml'], { policy }))).toEqual([]);
  });
});

test('a result says what is wrong, where, in which object, and is the same in every run', async () => {
  const [first] = runOf(await auditAs('sarif')).results ?? [];
  expect(first).toMatchInlineSnapshot(`
    {
      "level": "error",
      "locations": [
        {
          "logicalLocations": [
            {
              "fullyQualifiedName": "Deployment shop/web#spec.template.spec.hostNetwork",
              "kind": "resource",
              "name": "web",
            },
          ],
          "physicalLocation": {
            "artifactLocation": {
              "uri": "test/cli/formats/manifests/shop.yaml",
              "uriBaseId": "%SRCROOT%",
            },
            "region": {
              "startColumn": 7,
              "startLine": 9,
            },
          },
        },
      ],
      "message": {
        "text": "hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)",
      },
      "partialFingerprints": {
        "podwright/v1": "73de3b9c30f230e1:1",
      },
      "properties": {
        "fixed": false,
        "mode": "enforce",
      },
      "ruleId": "no-host-network",
      "ruleIndex": 0,
    }
  `);
});

test('what is repaired is a note, what is exempt is suppressed, what is only recorded is a note', async () => {
  const told = (runOf(await auditAs('sarif')).results ?? []).map(
    ({ ruleId, level, message, suppressions = [] }: Result) =>
      [level, ruleId, message.text, ...suppressions.map(({ justification }) => justification)].join(' | '),
  );
  expect(told).toMatchInlineSnapshot(`
    [
      "error | no-host-network | hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)",
      "note | no-privilege-escalation | container "app": may gain privileges; set securityContext.allowPrivilegeEscalation: false (is repaired at admission, which can change behavior)",
      "note | no-privilege-escalation | container "proxy": may gain privileges; set securityContext.allowPrivilegeEscalation: false (is repaired at admission, which can change behavior)",
      "error | require-cpu-request | container "proxy": requests no cpu; set resources.requests.cpu",
      "warning | require-readiness-probe | container "app": serves a port but has no readinessProbe; add one, or traffic arrives too early",
      "note | read-only-root-filesystem | container "app": can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true",
      "note | read-only-root-filesystem | container "proxy": can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true",
      "error | no-host-network | hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) | programs the node's network (exemption node-agents of team-net)",
      "error | no-host-pid | hostPID is true and shows every process of the node; remove it (a node agent needs an exemption)",
    ]
  `);
});

test('a rule brings its help, its level and, where it is one of security, how bad it is', async () => {
  const { driver } = runOf(await auditAs('sarif')).tool;
  expect(
    driver.rules?.map(({ id, properties, defaultConfiguration }) => [id, defaultConfiguration, properties]),
  ).toMatchInlineSnapshot(`
    [
      [
        "no-host-network",
        {
          "level": "error",
        },
        {
          "precision": "high",
          "problem.severity": "error",
          "security-severity": "8.0",
          "tags": [
            "kubernetes",
            "security",
            "pod-security",
          ],
        },
      ],
      [
        "no-host-pid",
        {
          "level": "error",
        },
        {
          "precision": "high",
          "problem.severity": "error",
          "security-severity": "9.5",
          "tags": [
            "kubernetes",
            "security",
            "pod-security",
          ],
        },
      ],
      [
        "no-privilege-escalation",
        {
          "level": "error",
        },
        {
          "precision": "high",
          "problem.severity": "error",
          "security-severity": "8.0",
          "tags": [
            "kubernetes",
            "security",
            "pod-security",
          ],
        },
      ],
      [
        "read-only-root-filesystem",
        {
          "level": "note",
        },
        {
          "precision": "high",
          "problem.severity": "recommendation",
          "security-severity": "5.5",
          "tags": [
            "kubernetes",
            "security",
            "hardening",
          ],
        },
      ],
      [
        "require-cpu-request",
        {
          "level": "error",
        },
        {
          "precision": "high",
          "problem.severity": "error",
          "tags": [
            "kubernetes",
            "reliability",
            "resources",
          ],
        },
      ],
      [
        "require-readiness-probe",
        {
          "level": "warning",
        },
        {
          "precision": "high",
          "problem.severity": "warning",
          "tags": [
            "kubernetes",
            "reliability",
            "probes",
          ],
        },
      ],
    ]
  `);
  expect(driver.rules?.[0]?.help?.markdown).toMatchInlineSnapshot(`
    "A Pod with \`hostNetwork: true\` sees the node's interfaces and loopback services, is not subject to NetworkPolicies, and its ports clash with those of every other such Pod on the node.

    This breaks the rule:

    \`\`\`yaml
    hostNetwork: true
    containers:
    - name: app
      image: registry.example/app:1.0
    \`\`\`

    This does not:

    \`\`\`yaml
    containers:
    - name: app
      image: registry.example/app:1.0
      ports:
      - containerPort: 8080
    \`\`\`

    Only the author of the Pod can repair it.

    [no-host-network in the documentation](https://github.com/podwright/podwright/blob/main/docs/rules/no-host-network.md)"
  `);
});

test('every help page that a result leads to exists', async () => {
  const { driver } = runOf(await auditAs('sarif', ['shop.yaml'], { policy: 'examples/policies/hardened.yaml' })).tool;
  const pages = driver.rules?.map(({ helpUri = '' }) => helpUri.split('/blob/main/')[1] ?? '') ?? [];
  expect(pages.length).toBeGreaterThan(rules.length / 2);
  for (const page of pages) expect(readFileSync(page, 'utf8')).toContain('## Why');
});

test('input that could not be checked is reported as a failure of the run', async () => {
  const { invocations } = runOf(await auditAs('sarif', ['broken.yaml']));
  expect(invocations).toMatchInlineSnapshot(`
    [
      {
        "executionSuccessful": false,
        "toolExecutionNotifications": [
          {
            "level": "error",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "test/cli/formats/manifests/broken.yaml",
                    "uriBaseId": "%SRCROOT%",
                  },
                  "region": {
                    "startColumn": 1,
                    "startLine": 4,
                  },
                },
              },
            ],
            "message": {
              "text": "cannot be parsed: unexpected end of the stream within a flow collection",
            },
          },
          {
            "level": "error",
            "locations": [
              {
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "test/cli/formats/manifests/broken.yaml",
                    "uriBaseId": "%SRCROOT%",
                  },
                  "region": {
                    "startColumn": 9,
                    "startLine": 8,
                  },
                },
              },
            ],
            "message": {
              "text": "the cluster would reject it: spec.hostPID is a string; it must be a boolean",
            },
          },
        ],
      },
    ]
  `);
});

test('standard input is known by the path it is given', async () => {
  const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { hostPID: true, containers: [] } }';
  const place = async (options: object) =>
    runOf(await auditTextAs('sarif', pod, options)).results?.[0]?.locations?.[0]?.physicalLocation;
  expect(await place({})).toBeUndefined();
  expect(await place({ stdinPath: 'apps/my pod.yaml' })).toEqual({
    artifactLocation: { uri: 'apps/my%20pod.yaml', uriBaseId: '%SRCROOT%' },
    region: { startLine: 1, startColumn: 63 },
  });
});

describe('fingerprints', () => {
  const manifest = readFileSync('test/cli/formats/manifests/shop.yaml', 'utf8');
  const of = async (text: string) => identities(await auditTextAs('sarif', text));

  test('tell all findings apart', async () => {
    const all = (await of(manifest)).map(([, fingerprint]) => fingerprint);
    expect(new Set(all).size).toBe(all.length);
  });

  test('survive moved lines, moved documents and moved containers', async () => {
    const app = /( {6}- name: app\n(?: {8}.*\n)+)( {6}- name: proxy\n(?: {8}.*\n)+)/;
    const documents = manifest.split('---\n');
    const moved = `# a comment\n\n${documents.toReversed().join('---\n')}`.replace(app, '$2$1');
    expect(moved).toMatch(/proxy[^]*name: app/);
    const sorted = (list: [string, string][]) => list.map(([, fingerprint]) => fingerprint).toSorted();
    expect(sorted(await of(moved))).toEqual(sorted(await of(manifest)));
  });

  test('of two copies of one object are numbered', async () => {
    const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { hostPID: true, containers: [] } }\n';
    const [first, second] = (await of(`${pod}---\n${pod}`)).map(([, fingerprint]) => fingerprint.split(':'));
    expect([first?.[0], second?.[1]]).toEqual([second?.[0], '2']);
  });
});
