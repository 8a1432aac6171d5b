import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const head = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';
const counted = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');
const exemptions = (count: number): string =>
  `exemptions:\n${counted(count, (i) => `- {name: e${i}, rules: [no-host-network], match: {namespaces: [n${i}]}, reason: because it is, owner: team-x}\n`)}`;

/** Each about as large as a ConfigMap may be, or as what is read of one. */
const texts = {
  'unclosed brackets': head + 'bad: [\n'.repeat(140_000),
  'brackets alone': '['.repeat(900_000),
  'maps in maps': '{"a":'.repeat(180_000),
  'lists in lists': `${head}x:\n${'- '.repeat(480_000)}a\n`,
  'lists in lists, fewer': `${head}x:\n${'- '.repeat(600)}a\n`,
  'maps in maps by indentation': head + counted(600, (i) => `${' '.repeat(i)}a:\n`),
  'keys that are maps': `${'? '.repeat(480_000)}a\n`,
  'one long list': `${head}x: [${'a,'.repeat(490_000)}a]\n`,
  'many documents': '---\na\n'.repeat(160_000),
  'many documents, fewer': '---\na\n'.repeat(12_000),
  'broken documents': '---\n]\n'.repeat(12_000),
  aliases: `${head}x: &a b\ny: [${'*a,'.repeat(300_000)}*a]\n`,
  'aliases of aliases': `${head}a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${counted(9, (i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}*a${i}]\n`)}`,
  'what YAML forbids': head + '@\n'.repeat(30_000),
  tabs: head + '\t:\n'.repeat(300_000),
  'unknown keys': head + counted(10_000, (i) => `k${i}: v\n`),
  'rules that do not exist': `${head}rules:\n${counted(6_000, (i) => `  no-host-netwrk${i}: {}\n`)}`,
  'one key again and again': head + 'rules: {}\n'.repeat(10_000),
  'a long key': `${head}? ${'k'.repeat(900_000)}\n: { mode: warn }\n`,
  'exemptions without end': head + exemptions(9_000),
  'many exemptions': head + exemptions(1_500),
  zeros: '\0'.repeat(1_000_000),
} satisfies Record<string, string>;

/** Reads all texts within the heap that is given, and says of each how many problems there are, and the first. */
const script = `
  import { loadPolicy } from ${JSON.stringify(join(import.meta.dirname, '../../src/policy/load.ts'))};
  import { rules } from ${JSON.stringify(join(import.meta.dirname, '../../src/rules/index.ts'))};
  const texts = JSON.parse(await Array.fromAsync(process.stdin.setEncoding('utf8')).then((parts) => parts.join('')));
  for (const [name, text] of Object.entries(texts)) {
    const { policy, problems = [] } = await loadPolicy(text, rules);
    const [{ line, column, field, message } = {}] = problems;
    const found = policy ? policy.exemptions.length + ' exemptions' : problems.length + ' × ' + line + ':' + column + ' ' + field + ': ' + message;
    console.log(name + ': ' + found);
  }`;

test('malformed policies take little memory, and are rejected with their problem', () => {
  const args = ['--max-old-space-size=64', '--max-semi-space-size=8', '--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { input: JSON.stringify(texts), encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toMatchInlineSnapshot(`
    "unclosed brackets: 1 × 1:1 : the file is nested too deeply (more than 100 brackets in one another)
    brackets alone: 1 × 1:1 : the file is nested too deeply (more than 100 brackets in one another)
    maps in maps: 1 × 1:1 : the file is nested too deeply (more than 100 brackets in one another)
    lists in lists: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    lists in lists, fewer: 1 × 4:1001 : the file is not valid YAML: nested too deeply (more than 500 levels)
    maps in maps by indentation: 1 × 504:502 : the file is not valid YAML: nested too deeply (more than 500 levels)
    keys that are maps: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    one long list: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    many documents: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    many documents, fewer: 1 × 4:1 : a second document starts here; a policy file contains one
    broken documents: 100 × 2:1 : the file is not valid YAML: end of the stream or a document separator is expected
    aliases: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    aliases of aliases: 1 × 3:14 : the file is not valid YAML: the aliases expand to too many values
    what YAML forbids: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    tabs: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    unknown keys: 101 × 3:1 k0: unknown key; it must be one of apiVersion, kind, extends, presetVersion, kubernetesVersion, mode, fixes, workloads, existing, controllers, annotate, messages, rules, namespaces, exemptions, selfService, images, operators, operatorKinds, podTemplates
    rules that do not exist: 101 × 4:3 rules.no-host-netwrk0: there is no such rule; did you mean "no-host-network"?
    one key again and again: 101 × 4:1 : the key "rules" appears twice in the same mapping; only the last one would count
    a long key: 1 × 3:3 kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: unknown key; it must be one of apiVersion, kind, extends, presetVersion, kubernetesVersion, mode, fixes, workloads, existing, controllers, annotate, messages, rules, namespaces, exemptions, selfService, images, operators, operatorKinds, podTemplates
    exemptions without end: 1 × 1:1 : the file is too large for a policy (more than 80,000 tokens); one entry with globs can replace many
    many exemptions: 1500 exemptions
    zeros: 1 × 1:1 : the file is not valid YAML: null byte is not allowed in input
    "
  `);
});
