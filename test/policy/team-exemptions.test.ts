import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Namespace } from '../../src/engine/namespace-policy.ts';
import { grant, withGranted } from '../../src/policy/grant.ts';
import { problemLines } from '../../src/policy/problem-lines.ts';
import { type PolicyDocument, resolve } from '../../src/policy/resolve.ts';
import { readTeamExemptions } from '../../src/policy/team-exemptions.ts';
import { rules } from '../../src/rules/index.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const shop: Namespace = { name: 'shop', labels: { tier: 'dev' } };
const selfService = { rules: ['run-as-non-root', 'require-cpu-request'], maximumDays: 14 };

const legacy = (more = ''): string => `exemptions:
  - name: legacy
    rules: [run-as-non-root]
    match: { workloads: [Deployment/legacy] }
    reason: the vendor repairs it in the next release
    owner: team shop
    expires: 2026-12-12
${more}`;

async function granted(text: string, document: PolicyDocument = { selfService }, namespace = shop) {
  const { exemptions, problems } = grant(
    await readTeamExemptions(text, rules),
    namespace,
    resolve(document, rules),
    now,
  );
  return { exemptions, problems: problemLines(problems, 'exemptions.yaml') };
}
const problemsOf = async (...given: Parameters<typeof granted>) => (await granted(...given)).problems;

test('the documented ConfigMap is granted by the documented policy', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
  const [, chapter = ''] = /^## Exemptions of teams\n(.*?)^## /ms.exec(page) ?? [];
  const [document, configMap] = [...chapter.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => parse(block));
  const { 'exemptions.yaml': text } = (configMap as { data: Record<string, string> }).data;
  const { exemptions, problems } = await granted(text ?? '', document as PolicyDocument, {
    name: 'shop',
    labels: { tier: 'development' },
  });
  expect(problems).toEqual([]);
  expect(exemptions.map(({ name }) => name)).toEqual(['shop/podwright-exemptions/legacy']);
});

describe('within the limits', () => {
  test('an exemption is limited to the namespace and named after it', async () => {
    expect(await granted(legacy())).toEqual({
      exemptions: [
        {
          name: 'shop/podwright-exemptions/legacy',
          rules: ['run-as-non-root'],
          match: { namespaces: ['shop'], workloads: ['Deployment/legacy'] },
          reason: 'the vendor repairs it in the next release',
          owner: 'team shop',
          expires: '2026-12-12',
          expiresAt: Date.parse('2026-12-13T00:00:00Z'),
          isSelfService: true,
        },
      ],
      problems: [],
    });
  });
  test('it applies only while the namespace has the labels', async () => {
    const limited = { selfService: { ...selfService, match: { labels: { tier: 'dev' } } } };
    const { exemptions } = await granted(legacy(), limited, { name: 'shop', labels: undefined });
    expect(exemptions.map(({ match }) => match)).toEqual([
      { namespaces: ['shop'], namespaceLabels: { tier: 'dev' }, workloads: ['Deployment/legacy'] },
    ]);
  });
  test('those of the policy come first', async () => {
    const own = { name: 'own', rules: ['*'], match: { namespaces: ['shop'] }, reason: 'x', owner: 'x' };
    const policy = resolve({ selfService, exemptions: [own] }, rules);
    const { exemptions } = await granted(legacy());
    expect(withGranted(policy, exemptions).exemptions.map(({ name }) => name)).toEqual([
      'own',
      'shop/podwright-exemptions/legacy',
    ]);
    expect(withGranted(policy, [])).toBe(policy);
  });
});

describe('beyond the limits', () => {
  test('an exemption has no effect, and the others keep theirs', async () => {
    const more = `  - name: far
    rules: [require-cpu-request, no-host-network, no-privileged-containers]
    match: { images: ["ghcr.io/shop/*"] }
    reason: later
    owner: team shop
    expires: 2026-12-13
`;
    const { exemptions, problems } = await granted(legacy(more));
    expect(exemptions.map(({ name }) => name)).toEqual(['shop/podwright-exemptions/legacy']);
    expect(problems).toMatchInlineSnapshot(`
      [
        "exemptions.yaml:9:34: exemptions[1].rules[1]: the policy does not let teams exempt no-host-network, only run-as-non-root, require-cpu-request",
        "exemptions.yaml:9:51: exemptions[1].rules[2]: the policy does not let teams exempt no-privileged-containers, only run-as-non-root, require-cpu-request",
        "exemptions.yaml:13:5: exemptions[1].expires: must be 2026-12-12 or earlier, not 2026-12-13; the policy allows at most 14 days",
      ]
    `);
  });
  const inConfigMaps = 'the policy allows no exemptions in ConfigMaps; ask the platform team';
  const inShop = 'the policy allows no exemptions in namespace shop; ask the platform team';
  test.each<[string, PolicyDocument, string]>([
    ['off', {}, inConfigMaps],
    ['other names', { selfService: { ...selfService, match: { names: ['dev-*'] } } }, inShop],
    ['other labels', { selfService: { ...selfService, match: { labels: { tier: 'production' } } } }, inShop],
  ])('nothing has an effect: %s', async (_, document, problem) => {
    expect(await granted(legacy(), document)).toEqual({
      exemptions: [],
      problems: [`exemptions.yaml:1:1: ${problem}`],
    });
  });
});

describe('the syntax', () => {
  test.each([
    ['', 'exemptions.yaml:1:1: there is no content; write exemptions: and a list, or delete the ConfigMap'],
    [
      'exemptions: []\n---\nexemptions: []\n',
      'exemptions.yaml:3:1: a second document starts here; there can be only one',
    ],
  ])('%j', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([problem]);
  });
  test('every problem has its place and says what to write', async () => {
    const text = `exemption: []
exemptions:
  - name: one
    rules: ["*"]
    match: { namespaces: [other], users: [me], workload: [Deployment/a] }
    reason: " "
    owner: team shop
  - name: one
    rules: [run-as-nonroot, run-*]
    match: { workloads: [deployment/a], images: [nginx] }
    owner: team shop
    expires: 2026-02-30
  - rules: []
    match: {}
    reason: x
    expires: never
    until: 2026-12-12
  - name: four
    reason: x
    reason: y
    owner: x
    expires: 2026-12-12
`;
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      [
        "exemptions.yaml:1:1: exemption: unknown key; did you mean "exemptions"?",
        "exemptions.yaml:3:5: exemptions[0].expires: is missing; write the last day on which it applies, like 2027-03-31",
        "exemptions.yaml:4:13: exemptions[0].rules[0]: name the rules one by one, without *",
        "exemptions.yaml:5:14: exemptions[0].match.namespaces: only exemptions in the policy match by namespaces; these apply to the namespace of their ConfigMap",
        "exemptions.yaml:5:35: exemptions[0].match.users: only exemptions in the policy match by users; these apply to the namespace of their ConfigMap",
        "exemptions.yaml:5:48: exemptions[0].match.workload: unknown key; did you mean "workloads"?",
        "exemptions.yaml:6:5: exemptions[0].reason: must be text that is not blank, not " "",
        "exemptions.yaml:8:5: exemptions[1].reason: is missing; explain why this is justified",
        "exemptions.yaml:8:5: exemptions[1].name: is also the name of exemptions[0]; logs and metrics identify exemptions by it",
        "exemptions.yaml:9:13: exemptions[1].rules[0]: there is no such rule; did you mean "run-as-non-root"?",
        "exemptions.yaml:9:29: exemptions[1].rules[1]: name the rules one by one, without *",
        "exemptions.yaml:10:26: exemptions[1].match.workloads[0]: must be Kind/name of the top-level owner, like "DaemonSet/calico-node", not "deployment/a"; did you mean "Deployment/a"?",
        "exemptions.yaml:10:50: exemptions[1].match.images[0]: can never match: images are compared by their full name; write "docker.io/library/nginx"",
        "exemptions.yaml:12:5: exemptions[1].expires: must be a date, like 2027-03-31, not "2026-02-30"",
        "exemptions.yaml:13:5: exemptions[2].name: is missing; it must be a name of at most 63 lowercase letters, digits and - in between",
        "exemptions.yaml:13:5: exemptions[2].owner: is missing; name the person or team responsible",
        "exemptions.yaml:13:5: exemptions[2].rules: is empty; name the rules one by one",
        "exemptions.yaml:14:5: exemptions[2].match: is empty; specify what it applies to, by at least one of workloads, serviceAccounts, images, containers",
        "exemptions.yaml:16:5: exemptions[2].expires: must be a date, like 2027-03-31, not "never"",
        "exemptions.yaml:17:5: exemptions[2].until: unknown key; it must be one of name, rules, reason, owner, expires, match",
        "exemptions.yaml:18:5: exemptions[3].rules: is missing; name the rules one by one",
        "exemptions.yaml:18:5: exemptions[3].match: is missing; specify what it applies to, by at least one of workloads, serviceAccounts, images, containers",
        "exemptions.yaml:20:5: exemptions[3].reason: must be text that is not blank, not true; put it in quotes",
        "exemptions.yaml:20:5: the key "reason" appears twice in the same mapping; only the last one would count",
      ]
    `);
  });
  test('text that is too much is not parsed', async () => {
    const item = legacy().split('\n').slice(1).join('\n');
    expect(await problemsOf(`exemptions:\n${item.repeat(200)}`)).toEqual([
      'exemptions.yaml:1:1: there is too much for one namespace (more than 5,000 tokens, about 100 exemptions); use globs',
    ]);
    expect(await problemsOf(`exemptions: ${'['.repeat(30)}`)).toEqual([
      'exemptions.yaml:1:1: the text is nested too deeply (more than 20 brackets in one another)',
    ]);
  });
});
