import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { resolve } from '../../src/policy/resolve.ts';
import { rules as builtIn } from '../../src/rules/index.ts';
import { anyCharacter } from '../support/any-character.ts';
import { sampleRules } from './sample-rules.ts';

const head = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';

/** Every problem as a line `line:column field: message`. */
async function problemsOf(text: string, rules = sampleRules): Promise<string[]> {
  const loaded = await loadPolicy(text, rules);
  if ('policy' in loaded) return [];
  return loaded.problems.map(({ line, column, field, message }) => `${line}:${column} ${field}: ${message}`);
}

describe('a valid policy', () => {
  it('is resolved', async () => {
    const text = `${head}extends: strict
mode: off
kubernetesVersion: "1.36"
rules:
  pre-stop-sleep: { mode: warn, fix: false, options: { seconds: 5 } }
  require-memory-request: { options: { default: 64Mi } }
`;
    const document = {
      extends: 'strict',
      mode: 'off',
      kubernetesVersion: '1.36',
      rules: {
        'pre-stop-sleep': { mode: 'warn', fix: false, options: { seconds: 5 } },
        'require-memory-request': { options: { default: '64Mi' } },
      },
    } as const;
    expect(await loadPolicy(text, sampleRules)).toEqual({ policy: resolve(document, sampleRules) });
    const json = JSON.stringify({ kind: 'Policy', apiVersion: 'podwright.dev/v1alpha1', ...document }, null, 2);
    expect(await loadPolicy(json, sampleRules)).toEqual({ policy: resolve(document, sampleRules) });
  });
});

describe('problems', () => {
  it('tell what else the file is', async () => {
    expect(await problemsOf('apiVersion: v1\nkind: ConfigMap\ndata: { policy.yaml: "" }\n')).toMatchInlineSnapshot(`
      [
        "1:1 apiVersion: must be podwright.dev/v1alpha1, not "v1"",
        "2:1 kind: must be Policy, not "ConfigMap"; take the text out of its data",
      ]
    `);
    expect(await problemsOf('mode: audit\npolicy: { controllers: warn }\n')).toMatchInlineSnapshot(`
      [
        "1:1 apiVersion: is missing; it must be podwright.dev/v1alpha1",
        "1:1 kind: is missing; it must be Policy",
        "2:1 policy: unknown key; these are chart values: the policy file is the content of this key, preceded by apiVersion, kind and mode",
      ]
    `);
  });

  it('come all at once, in the order of the lines', async () => {
    const text = `${head}mode: enforced
extends: recomended
presetVersion: 0
fixes: "yes"
anotate: true
replicas: 3
existing: { a: 1 }
workloads: yes
__proto__: 1
rules:
  no-such-rule: {}
  pre-stop-slep: { mode: warn }
  no-host-path: { fix: true, options: { a: 1 } }
  require-memory-request: { options: { default: 1K, minimum: Best } }
  pre-stop-sleep:
    mode: ~
    options:
      secnds: 1
      seconds: ten
      exec: 1
      ignoredPorts: [a, "", 2]
      "a.b": 1
  limit-capabilities: enforce
`;
    expect(await problemsOf(text)).toMatchInlineSnapshot(`
      [
        "3:1 mode: must be one of off, audit, warn, enforce, not "enforced"",
        "4:1 extends: must be one of recommended, strict, pss-baseline, pss-restricted, none, not "recomended"",
        "5:1 presetVersion: must be an integer from 1 to 2, not 0",
        "6:1 fixes: must be true or false, not "yes"",
        "7:1 anotate: unknown key; did you mean "annotate"?",
        "8:1 replicas: unknown key; it must be one of apiVersion, kind, extends, presetVersion, kubernetesVersion, mode, fixes, workloads, existing, controllers, annotate, messages, rules, namespaces, exemptions, selfService, images, operators, operatorKinds, podTemplates",
        "9:1 existing: must be one of off, audit, warn, enforce, not a mapping",
        "10:1 workloads: must be one of off, audit, warn, enforce, not true",
        "11:1 __proto__: unknown key; it must be one of apiVersion, kind, extends, presetVersion, kubernetesVersion, mode, fixes, workloads, existing, controllers, annotate, messages, rules, namespaces, exemptions, selfService, images, operators, operatorKinds, podTemplates",
        "13:3 rules.no-such-rule: there is no such rule; podwright rules lists all of them",
        "14:3 rules.pre-stop-slep: there is no such rule; did you mean "pre-stop-sleep"?",
        "15:19 rules.no-host-path.fix: this rule has no fix",
        "15:30 rules.no-host-path.options: this rule has no options",
        "16:40 rules.require-memory-request.options.default: must be a quantity such as 500m or 64Mi, not "1K"",
        "16:53 rules.require-memory-request.options.minimum: must be one of Burstable, Guaranteed, not "Best"",
        "18:5 rules.pre-stop-sleep.mode: must be one of off, audit, warn, enforce, not null",
        "20:7 rules.pre-stop-sleep.options.secnds: unknown key; did you mean "seconds"?",
        "21:7 rules.pre-stop-sleep.options.seconds: must be an integer from 1 to 300, not "ten"",
        "22:7 rules.pre-stop-sleep.options.exec: must be true or false, not 1",
        "23:25 rules.pre-stop-sleep.options.ignoredPorts[1]: must be text of at least 1 character, not """,
        "23:29 rules.pre-stop-sleep.options.ignoredPorts[2]: must be text of at least 1 character, not 2",
        "24:7 rules.pre-stop-sleep.options["a.b"]: unknown key; it must be one of seconds, ignoredPorts, exec",
        "25:3 rules.limit-capabilities: must be a mapping, not "enforce"",
      ]
    `);
  });

  it.each<[string, string, string[]]>([
    [
      'an empty file',
      '',
      ['1:1 : the file contains no policy; a policy starts with apiVersion: podwright.dev/v1alpha1 and kind: Policy'],
    ],
    [
      'comments alone',
      '# nothing\n---\n',
      ['1:1 : the file contains no policy; a policy starts with apiVersion: podwright.dev/v1alpha1 and kind: Policy'],
    ],
    ['a list', '- a', ['1:1 : must be a mapping, not a list']],
    ['text', 'policy', ['1:1 : must be a mapping, not "policy"']],
    [
      'a broken file',
      `${head}mode: [`,
      ['3:8 : the file is not valid YAML: unexpected end of the stream within a flow collection'],
    ],
    [
      'two broken documents',
      'a: b: c\n---\na: "',
      [
        '1:5 : the file is not valid YAML: bad indentation of a mapping entry',
        '3:5 : the file is not valid YAML: unexpected end of the stream within a double quoted scalar',
      ],
    ],
    [
      'two documents',
      `${head}---\n# second\n${head}`,
      ['5:1 : a second document starts here; a policy file contains one'],
    ],
    [
      'another kind',
      'apiVersion: v1\nkind: Pod\nspec: {}\n',
      ['1:1 apiVersion: must be podwright.dev/v1alpha1, not "v1"', '2:1 kind: must be Policy, not "Pod"'],
    ],
    [
      'another version',
      'apiVersion: podwright.dev/v1\nkind: Policy\nmod: off\n',
      [
        '1:1 apiVersion: must be podwright.dev/v1alpha1, not "podwright.dev/v1"',
        '3:1 mod: unknown key; did you mean "mode"?',
      ],
    ],
    [
      'no kind',
      'mode: enforced\n',
      [
        '1:1 apiVersion: is missing; it must be podwright.dev/v1alpha1',
        '1:1 kind: is missing; it must be Policy',
        '1:1 mode: must be one of off, audit, warn, enforce, not "enforced"',
      ],
    ],
    [
      'a number as version',
      `${head}kubernetesVersion: 1.36\n`,
      ['3:1 kubernetesVersion: must be in quotes, like "1.30", because YAML otherwise reads 1.30 as the number 1.3'],
    ],
    [
      'an old version',
      `${head}kubernetesVersion: "1.27"\n`,
      ['3:1 kubernetesVersion: must be a version from "1.28" on, without patch level, not "1.27"'],
    ],
    [
      'a patch version',
      `${head}kubernetesVersion: v1.36.3\n`,
      ['3:1 kubernetesVersion: must be a version from "1.28" on, without patch level, not "v1.36.3"'],
    ],
    [
      'a number beyond the range',
      `${head}rules: { pre-stop-sleep: { options: { seconds: 1.5 } } }\n`,
      ['3:39 rules.pre-stop-sleep.options.seconds: must be an integer from 1 to 300, not 1.5'],
    ],
    [
      'a value that breaks two constraints',
      `${head}rules: { limit-capabilities: { options: { allowed: [""] } } }\n`,
      ['3:53 rules.limit-capabilities.options.allowed[0]: must be text that matches ^[A-Z_]+$, not ""'],
    ],
    [
      'an emptied section',
      `${head}rules:\n#  pre-stop-sleep: { mode: warn }\n`,
      ['3:1 rules: must be a mapping, not null'],
    ],
    [
      'a repeated key',
      `${head}mode: audit\nrules: {}\nmode: enforce\n`,
      ['5:1 : the key "mode" appears twice in the same mapping; only the last one would count'],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });
});

test('capabilities as the kernel writes them would allow nothing', async () => {
  const text = `${head}rules: { limit-capabilities: { options: { allowed: [CAP_CHOWN, chown, CAPTURE, CAP_] } } }`;
  const expected = 'must be a capability in capitals and without CAP_, like NET_BIND_SERVICE';
  expect(await problemsOf(text, builtIn)).toEqual([
    `3:53 rules.limit-capabilities.options.allowed[0]: ${expected}, not "CAP_CHOWN"; did you mean "CHOWN"?`,
    `3:64 rules.limit-capabilities.options.allowed[1]: ${expected}, not "chown"; did you mean "CHOWN"?`,
    `3:80 rules.limit-capabilities.options.allowed[3]: ${expected}, not "CAP_"`,
  ]);
});

describe('loadPolicy', () => {
  const keys = ['mode', 'rules', 'pre-stop-sleep', 'options', 'seconds', 'extends', 'kind', 'apiVersion', '__proto__'];
  const values = fc.jsonValue({ maxDepth: 1 });
  const policies = fc
    .tuple(fc.dictionary(fc.constantFrom(...keys), values), fc.dictionary(fc.constantFrom(...keys), values))
    .map(([top, rule]) => JSON.stringify({ ...top, rules: { 'pre-stop-sleep': rule } }));
  const pieces = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '{',
    '}',
    '[',
    '"',
    '&a ',
    '*a',
    '---\n',
    'mode: off\n',
    '!!',
    head,
  );
  const soup = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

  it('never throws, and names at least one place where it has no policy', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: anyCharacter }), policies, soup), async (text) => {
        const loaded = await loadPolicy(text, sampleRules);
        if ('policy' in loaded) return;
        expect(loaded.problems.length).toBeGreaterThan(0);
        for (const { line, column } of loaded.problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 100 },
    );
  });
});
