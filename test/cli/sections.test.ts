import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { checkPolicy } from '../../src/cli/check-policy.ts';
import { explainManifests } from '../../src/cli/explain-manifests.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { policyOf, readPolicyFile } from '../../src/cli/policy-options.ts';
import { sectionSummary } from '../../src/cli/policy-summary.ts';
import { runAudit } from '../../src/cli/run-audit.ts';
import { policyIn } from '../../src/engine/namespace-policy.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A policy file of two rules with these sections. */
function policyFile(sections: string): string {
  const file = path.join(folder, 'policy.yaml');
  const rules = 'rules: { no-host-network: { mode: enforce }, no-privileged-containers: { mode: enforce } }';
  writeFileSync(file, `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\n${rules}\n${sections}`);
  return file;
}

const exemption = (name: string, fields: string): string =>
  `- { name: ${name}, rules: [no-host-network], reason: programs the node's network, owner: team-platform, ${fields} }\n`;

const agent = (namespace = 'namespace: kube-system'): string => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, ${namespace} }
spec:
  template:
    spec:
      hostNetwork: true
      containers:
      - { name: agent, image: "quay.io/agent/agent:1", securityContext: { privileged: true } }
`;
const namespaceObject = (labels: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: kube-system, labels: ${labels} }\n---\n`;

const auditOf = (sections: string, manifests: string, options: object = {}) =>
  runAudit(
    ['-'],
    { failOn: 'enforce', policy: policyFile(sections), ...options },
    () => Readable.from([manifests]),
    plain,
  );

/** The rows of `explain -f` from the namespace on, without what the Pod asks for. */
async function explained(sections: string, manifests: string, options: object = {}): Promise<string> {
  const { output, messages } = await explainManifests(
    ['-'],
    { policy: policyFile(sections), ...options },
    () => Readable.from([manifests]),
    plain,
  );
  expect(messages).toEqual([]);
  return output
    .split('\n')
    .filter((line) => !/^ {2}(requests|limits|QoS class|grace|off:) |^ {7}[a-z]/.test(line))
    .join('\n');
}

describe('audit', () => {
  test('names with what is exempt the exemption', async () => {
    const sections = `exemptions:\n${exemption('cni', 'match: { workloads: ["DaemonSet/agent"] }')}`;
    expect(await auditOf(sections, agent())).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "messages": [],
        "output": "stdin:1 DaemonSet kube-system/agent: denied
        enforce  9:75  container "agent": is privileged; remove securityContext.privileged and add only
                       the capabilities it needs (no-privileged-containers)
        exempt: no-host-network (cni)

      1 subject: 1 denied; findings: 1 enforce; 1 exempt
      Why and how: podwright explain no-privileged-containers",
      }
    `);
    const { output } = await auditOf(sections, agent(), { output: [{ format: 'json', file: undefined }] });
    const { summary, subjects } = JSON.parse(output) as { summary: object; subjects: { findings: object[] }[] };
    expect(summary).toMatchObject({ denied: 1, findings: { enforce: 1, warn: 0, audit: 0 }, exempt: 1 });
    expect(subjects[0]?.findings).toMatchObject([
      { rule: 'no-privileged-containers', exempt: null },
      { rule: 'no-host-network', exempt: 'cni' },
    ]);
  });

  test('is clean where all is exempt', async () => {
    const sections = `exemptions:\n- { name: all, rules: ["*"], match: { images: ["quay.io/agent/*"] }, reason: r, owner: o }\n`;
    expect(await auditOf(sections, agent())).toMatchObject({ exitCode: 0, messages: [] });
  });

  test('puts objects that name no namespace into the one that is asked for', async () => {
    const sections = `exemptions:\n${exemption('cni', 'match: { namespaces: [kube-system] }')}`;
    const json = { output: [{ format: 'json', file: undefined }] };
    expect(JSON.parse((await auditOf(sections, agent('a: b'), json)).output)).toMatchObject({ summary: { exempt: 0 } });
    const inSystem = await auditOf(sections, agent('a: b'), { ...json, namespace: 'kube-system' });
    expect(JSON.parse(inSystem.output)).toMatchObject({ summary: { exempt: 1 } });
    const named = await auditOf(sections, agent('namespace: shop'), { ...json, namespace: 'kube-system' });
    expect(JSON.parse(named.output)).toMatchObject({ summary: { exempt: 0 } });
  });

  test.each<[string, string]>([
    ['a namespaces entry', 'namespaces:\n- match: { labels: { a: b } }\n  mode: off\n'],
    [
      'an exemption',
      `exemptions:\n${exemption('cni', 'match: { namespaces: ["kube-*"], namespaceLabels: { a: b } }')}`,
    ],
  ])('tells once of namespaces whose labels are not known, for %s', async (_, sections) => {
    const several = [agent(), agent(), agent('namespace: kube-public')].join('---\n');
    const { messages, exitCode } = await auditOf(sections, several);
    expect(messages).toEqual([
      'the policy matches on labels, but those of namespaces kube-public, kube-system are unknown; assuming the strictest match; add their Namespace manifests to the files',
    ]);
    expect(exitCode).toBe(1);
    expect((await auditOf(sections, agent())).messages).toEqual([
      'the policy matches on labels, but those of namespace kube-system are unknown; assuming the strictest match; add its Namespace manifest to the files',
    ]);
    expect((await auditOf(sections, namespaceObject('{ a: c }') + agent())).messages).toEqual([]);
  });

  test.each([
    'namespaces:\n- match: { names: [shop], labels: { a: b } }\n  mode: off\n',
    'namespaces:\n- match: { names: [kube-system] }\n  mode: warn\n',
    `exemptions:\n${exemption('cni', 'match: { namespaces: [shop], namespaceLabels: { a: b } }')}`,
  ])('tells nothing where labels do not matter: %s', async (sections) => {
    expect((await auditOf(sections, agent())).messages).toEqual([]);
  });

  test('takes the labels of Namespaces among the files', async () => {
    const sections = 'namespaces:\n- match: { labels: { tier: system } }\n  mode: warn\n';
    expect(await auditOf(sections, namespaceObject('{ tier: system }') + agent())).toMatchObject({ exitCode: 0 });
    expect(await auditOf(sections, namespaceObject('{ tier: team }') + agent())).toMatchObject({ exitCode: 1 });
  });
});

describe('explain', () => {
  const workloads = 'match: { workloads: ["DaemonSet/agent"] }';

  test('says by which exemption, until when, whose and why', async () => {
    const sections = `exemptions:\n${exemption('cni', `${workloads}, expires: 2999-12-31`)}`;
    expect(await explained(sections, agent())).toMatchInlineSnapshot(`
      "stdin:1 DaemonSet kube-system/agent

        no-host-network           exempt          hostNetwork is true and bypasses NetworkPolicy; remove
                                                  it (a node agent needs an exemption)
                                                  exempt by cni until 2999-12-31 (team-platform): programs
                                                  the node's network
        no-privileged-containers  enforce         container "agent": is privileged; remove
                                                  securityContext.privileged and add only the capabilities
                                                  it needs"
    `);
  });

  test('says of an exemption without an end no end', async () => {
    const text = await explained(`exemptions:\n${exemption('cni', workloads)}`, agent());
    expect(text).toContain("exempt by cni (team-platform): programs the node's");
  });

  test('says what an exemption that nearly holds is missing', async () => {
    const sections = [
      'exemptions:\n',
      exemption('old', `${workloads}, expires: 2020-01-01`),
      exemption('by-user', 'match: { users: [alice], namespaces: [kube-system] }'),
      exemption('by-both', 'match: { users: [alice], groups: [admins] }'),
      exemption('old-by-user', 'match: { users: [alice] }, expires: 2020-01-02'),
      exemption('elsewhere', 'match: { namespaces: [shop] }, expires: 2020-01-01'),
      exemption('other-container', 'match: { users: [alice], containers: [other] }'),
    ].join('');
    expect(await explained(sections, agent())).toMatchInlineSnapshot(`
      "stdin:1 DaemonSet kube-system/agent

        no-host-network           enforce         hostNetwork is true and bypasses NetworkPolicy; remove
                                                  it (a node agent needs an exemption)
                                                  old (team-platform) expired on 2020-01-01
                                                  by-user (team-platform) would cover it, but matches on
                                                  users, which are known at admission only
                                                  by-both (team-platform) would cover it, but matches on
                                                  users and groups, which are known at admission only
                                                  old-by-user (team-platform) expired on 2020-01-02
        no-privileged-containers  enforce         container "agent": is privileged; remove
                                                  securityContext.privileged and add only the capabilities
                                                  it needs"
    `);
  });

  test('says which namespaces entries apply', async () => {
    const sections = [
      'namespaces:',
      '- match: { names: ["kube-*"] }\n  rules: { no-host-network: { mode: warn } }',
      '- match: { names: [shop] }\n  mode: off',
      '- match: { labels: { tier: system, team: "*" } }\n  rules: { no-privileged-containers: { mode: audit } }',
      '',
    ].join('\n');
    expect(await explained(sections, namespaceObject('{ tier: system, team: a }') + agent())).toMatchInlineSnapshot(`
      "stdin:5 DaemonSet kube-system/agent
        namespace  kube-system: entries that apply: namespaces[0] (names kube-*), namespaces[2] (labels
                   team=* tier=system)

        no-host-network           warn            hostNetwork is true and bypasses NetworkPolicy; remove
                                                  it (a node agent needs an exemption)
        no-privileged-containers  audit           container "agent": is privileged; remove
                                                  securityContext.privileged and add only the capabilities
                                                  it needs"
    `);
    const first = async (manifests: string): Promise<string> =>
      (await explained(sections, manifests)).split('\n').slice(1, 4).join('\n');
    expect(await first(agent())).toMatchInlineSnapshot(`
      "  namespace  kube-system: entries that apply: namespaces[0] (names kube-*); its labels are unknown
                   because its Namespace is not among the files, so each rule gets the strictest
                   interpretation of namespaces[2] (labels team=* tier=system)"
    `);
    expect(
      await first(namespaceObject('{}').replace('kube-system', 'bank') + agent('namespace: bank')),
    ).toMatchInlineSnapshot(`
      "  namespace  bank: none of the policy's namespaces entries applies

        no-host-network           enforce         hostNetwork is true and bypasses NetworkPolicy; remove"
    `);
  });
});

describe('policy check', () => {
  test('counts the sections, and names what has expired', async () => {
    const file = policyFile(
      `namespaces:
- match: { names: [a] }
exemptions:
${exemption('cni', 'match: { users: [a] }, expires: 2020-01-01')}${exemption('csi', 'match: { users: [a] }')}podTemplates:
- { group: example.com, versions: [v1], resource: workers, kind: Worker, path: spec.template }
`,
    );
    const { output, exitCode } = await checkPolicy(file, Readable.from([]));
    expect(output.replace(/^.*no fixes; |^.*fixes on; /, '')).toBe(
      '1 namespaces entry; 2 exemptions, 1 expired: cni (2020-01-01); 1 further kind: Worker',
    );
    expect(exitCode).toBe(0);
  });

  test('tells of exemptions up to 30 days before they end', async () => {
    const policy = await readPolicyFile(
      policyFile(`exemptions:\n${exemption('cni', 'match: { users: [a] }, expires: 2027-03-31')}`),
    );
    if ('problems' in policy) throw new Error(policy.problems.join('\n'));
    const at = (time: string): string[] => sectionSummary(policy, Date.parse(time));
    expect(at('2027-03-01T23:59:59.999Z')).toEqual(['1 exemption']);
    expect(at('2027-03-02T00:00:00Z')).toEqual(['1 exemption, 1 ends within 30 days: cni (2027-03-31)']);
    expect(at('2027-03-31T23:59:59.999Z')).toEqual(['1 exemption, 1 ends within 30 days: cni (2027-03-31)']);
    expect(at('2027-04-01T00:00:00Z')).toEqual(['1 exemption, 1 expired: cni (2027-03-31)']);
    const twice = { ...policy, exemptions: [...policy.exemptions, ...policy.exemptions] };
    expect(sectionSummary(twice, Date.parse('2027-03-31T00:00:00Z'))).toEqual([
      '2 exemptions, 2 end within 30 days: cni (2027-03-31), cni (2027-03-31)',
    ]);
    expect(sectionSummary({ ...policy, exemptions: [] }, 0)).toEqual([]);
    const selfService = { rules: ['no-host-ipc', 'no-tty'], maximumDays: 7 };
    expect(sectionSummary({ ...policy, exemptions: [], selfService }, 0)).toEqual([
      'teams may exempt no-host-ipc, no-tty for 7 days',
    ]);
  });
});

test('without fixes a namespace is not repaired either, whatever its entry says', async () => {
  const file = path.join(folder, 'fixes.yaml');
  const entry = 'namespaces:\n- match: { names: [shop] }\n  fixes: true\n';
  writeFileSync(file, `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nfixes: false\n${entry}`);
  const fixesOf = async (options: object) => {
    const policy = await policyOf({ policy: file, ...options });
    return 'problems' in policy ? policy.problems : policyIn(policy, { name: 'shop', labels: {} }).fixes;
  };
  expect([await fixesOf({}), await fixesOf({ fixes: false })]).toEqual([true, false]);
});
