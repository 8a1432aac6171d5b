import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommandResult } from '../../src/cli/command-result.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { type FixOptions, runFix } from '../../src/cli/run-fix.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-fix-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
});

/** The programs that take diffs, as far as they are installed. */
const appliers: readonly (readonly [string, ...string[]])[] = [
  ['git', 'apply', '--whitespace=nowarn'],
  ...(spawnSync('patch', ['--version']).error === undefined ? ([['patch', '--binary', '-p1']] as const) : []),
];

const at = (name: string): string => path.join(folder, name);
const save = (name: string, text: string | Buffer): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const fix = (paths: readonly string[], options: FixOptions = {}, input: string | Buffer = ''): Promise<CommandResult> =>
  runFix(paths, options, () => Readable.from([Buffer.from(input)]), plain);
/** What is said, with names of files that do not change from run to run. */
const told = ({ output, messages, exitCode }: CommandResult) => ({
  output: output.replaceAll(folder, '.'),
  messages: messages.map((message) => message.replaceAll(folder, '.')),
  exitCode,
});

const web = `# the shop
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: app # the one
        image: registry.example/web:2.1
        env:
        - name: PASSWORD
          value: hunter2
        securityContext: {runAsUser: 1000}
        resources:
          requests: {cpu: 100m, memory: 64Mi}
          limits: {memory: 64Mi}
`;
const webFixed = web.replace('{runAsUser: 1000}', '{runAsUser: 1000, runAsNonRoot: true}');

describe('without --write', () => {
  test('a diff, what is left, and exit code 1; no file is touched', async () => {
    const file = save('web.yaml', web);
    expect(told(await fix([file]))).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "messages": [
          "./web.yaml:13:11: warn: container "app": env "PASSWORD" is a literal value; use valueFrom.secretKeyRef (no-secrets-in-env)",
          "Fixes that can change how an application behaves; to make them, add --unsafe:",
          "  drop-all-capabilities, no-privilege-escalation, require-seccomp-profile",
          "1 file would change",
        ],
        "output": "--- a./web.yaml
      +++ b./web.yaml
      @@ -11,7 +11,7 @@
               env:
               - name: PASSWORD
                 value: ***
      -        securityContext: {runAsUser: 1000}
      +        securityContext: {runAsUser: 1000, runAsNonRoot: true}
               resources:
                 requests: {cpu: 100m, memory: 64Mi}
                 limits: {memory: 64Mi}",
      }
    `);
    expect(readFileSync(file, 'utf8')).toBe(web);
  });

  test('nothing to change', async () => {
    expect(told(await fix([save('web.yaml', webFixed)], { rule: ['run-as-non-root'] }))).toEqual({
      output: '',
      messages: ['nothing would change'],
      exitCode: 0,
    });
  });

  describe('the diff is what git apply and patch take', () => {
    const lines = web.replace(/ {8}env:[^]*hunter2\n/, '');
    const pod = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: x:1\n';
    const asUser = `${pod}    securityContext: {runAsUser: 5}\n`;
    const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['no newline at the end', { 'web.yaml': lines.trimEnd() }],
      ['CRLF', { 'web.yaml': lines.replaceAll('\n', '\r\n').trimEnd() }],
      ['a blank line at the end', { 'web.yaml': `${asUser}\n` }],
      [
        'a blank line that ends the context',
        { 'web.yaml': `${asUser}  restartPolicy: Always\n  hostIPC: false\n\n# end\n` },
      ],
      ['blanks at the end', { 'web.yaml': `${asUser}  restartPolicy: Always  ` }],
      ['CRLF and a last line', { 'web.yaml': `${asUser}  restartPolicy: Always\n`.replaceAll('\n', '\r\n') }],
      [
        'CRLF and an added last line',
        { 'web.yaml': `${pod}    securityContext:\n      runAsUser: 5\n`.replaceAll('\n', '\r\n') },
      ],
      ['several files', { 'a.yaml': `${asUser}\n`, 'below/b.yaml': `${asUser} \n`, 'c.yaml': asUser }],
      ['a space in the name', { 'my web.yaml': asUser }],
      ['a tab, a quote and an umlaut in the name', { 'my\t"wäb".yaml': asUser }],
    ];
    test.each(cases)('%s', async (_, files) => {
      const root = mkdtempSync(path.join(folder, 'root-'));
      const previous = process.cwd();
      const given = new Map(Object.entries(files));
      const saveAll = (): void => {
        for (const [name, text] of given) {
          mkdirSync(path.dirname(name), { recursive: true });
          writeFileSync(name, text);
        }
      };
      const texts = (): Map<string, string> =>
        new Map([...given.keys()].map((name) => [name, readFileSync(name, 'utf8')]));
      process.chdir(root);
      try {
        saveAll();
        const { output } = await fix(['.'], { unsafe: true });
        await fix([root], { unsafe: true, write: true });
        const written = texts();
        expect([...written].filter(([name, text]) => text === given.get(name))).toEqual([]);
        for (const [program, ...args] of appliers) {
          saveAll();
          execFileSync(program, args, { input: `${output}\n` });
          expect({ program, texts: texts() }).toEqual({ program, texts: written });
        }
      } finally {
        process.chdir(previous);
        rmSync(root, { recursive: true });
      }
    });

    test('from the root of the file system, of files outside of the working directory', async () => {
      const file = save('web.yaml', asUser);
      const { output } = await fix([file], { unsafe: true });
      expect(output.split('\n', 2)).toEqual([`--- a${file}`, `+++ b${file}`]);
    });
  });
});

describe('with --write', () => {
  test('the files are changed, and a second run has nothing to do', async () => {
    const files = [save('web.yaml', web), save('other.yaml', 'a: 1\n')];
    expect(told(await fix(files, { write: true }))).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "messages": [
          "./web.yaml:13:11: warn: container "app": env "PASSWORD" is a literal value; use valueFrom.secretKeyRef (no-secrets-in-env)",
          "Fixes that can change how an application behaves; to make them, add --unsafe:",
          "  drop-all-capabilities, no-privilege-escalation, require-seccomp-profile",
          "1 file changed",
        ],
        "output": "./web.yaml: run-as-non-root",
      }
    `);
    expect(readFileSync(at('web.yaml'), 'utf8')).toBe(webFixed);
    expect(readdirSync(folder).toSorted()).toEqual(['other.yaml', 'web.yaml']);
    const { output, exitCode } = await fix(files, { write: true });
    expect({ output, exitCode }).toEqual({ output: '', exitCode: 0 });
  });

  test('remaining findings are reported with their new line numbers', async () => {
    const { messages } = await fix([save('web.yaml', `${web}      hostNetwork: true\n`)], {
      write: true,
      unsafe: true,
    });
    const place = messages.find((message) => message.includes('no-host-network'));
    const line = Number(/:(\d+):7: enforce/.exec(place ?? '')?.[1]);
    expect(readFileSync(at('web.yaml'), 'utf8').split('\n')[line - 1]).toBe('      hostNetwork: true');
  });

  test('a link is followed, and the mode stays', async () => {
    save('web.yaml', web);
    chmodSync(at('web.yaml'), 0o640);
    symlinkSync('web.yaml', at('link.yaml'));
    await fix([at('link.yaml')], { write: true });
    expect(lstatSync(at('link.yaml')).isSymbolicLink()).toBe(true);
    expect(statSync(at('web.yaml')).mode & 0o777).toBe(0o640);
    expect(readFileSync(at('web.yaml'), 'utf8')).toBe(webFixed);
  });

  test('standard input goes to standard output, byte for byte but for the repair', async () => {
    const result = await fix(['-'], { write: true }, web.trimEnd());
    expect(Buffer.from(result.bytes ?? []).toString()).toBe(webFixed.trimEnd());
    expect(result.output).toBe('');
    expect(result.exitCode).toBe(0);
    const untouched = await fix(['-'], { write: true }, 'a: [1,\n');
    expect(Buffer.from(untouched.bytes ?? []).toString()).toBe('a: [1,\n');
    expect(untouched.exitCode).toBe(2);
  });

  test.each([
    ['a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 with the high byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('%s stays', async (_, encode) => {
    const { exitCode } = await fix([save('web.yaml', encode(web))], { write: true });
    expect({ exitCode, bytes: readFileSync(at('web.yaml')) }).toEqual({ exitCode: 0, bytes: encode(webFixed) });
  });
});

describe('left alone and named, exit code 2, the others repaired', () => {
  const expectLeftAlone = async (text: string | Buffer): Promise<readonly string[]> => {
    const [odd, good] = [save('odd.yaml', text), save('web.yaml', web)];
    const result = await fix([odd, good], { write: true });
    expect(readFileSync(odd)).toEqual(Buffer.from(text));
    expect(readFileSync(good, 'utf8')).toBe(webFixed);
    expect(result.exitCode).toBe(2);
    return told(result).messages.filter((message) => message.includes('left alone') || message.includes('cannot be'));
  };

  test('a file that does not parse, all of it', async () => {
    expect(await expectLeftAlone(`${web}---\na: [1,\n`)).toMatchInlineSnapshot(`
      [
        "./odd.yaml:20:1: cannot be parsed: unexpected end of the stream within a flow collection",
        "./odd.yaml: left alone: it cannot be read completely",
      ]
    `);
  });

  test('a template', async () => {
    expect(await expectLeftAlone(web.replace('name: web', "name: '{{ .Values.name }}'"))).toMatchInlineSnapshot(`
      [
        "./odd.yaml:2 Deployment shop/{{ .Values.name }}: left alone: it is a template ({{ }}); render it first: helm template … | podwright fix -",
      ]
    `);
    expect(await expectLeftAlone(`# {{- if .Values.web }}\n${web}`)).toMatchInlineSnapshot(`
      [
        "./odd.yaml:3 Deployment shop/web: left alone: it is a template ({{ }}); render it first: helm template … | podwright fix -",
      ]
    `);
  });

  test('what other places use as well', async () => {
    const text = `${web.replace('securityContext: {', 'securityContext: &user {')}x: *user\n`;
    expect(await expectLeftAlone(text)).toMatchInlineSnapshot(`
      [
        "./odd.yaml:2 Deployment shop/web: left alone: other places share this text through the anchor &user, and would change as well",
      ]
    `);
  });

  test('bytes that are no text', async () => {
    expect(
      await expectLeftAlone(Buffer.concat([Buffer.from(`${web}# `), Buffer.from([0xe9, 0x0a])])),
    ).toMatchInlineSnapshot(`
      [
        "./odd.yaml: left alone: it contains bytes that are not UTF-8 and would be lost",
      ]
    `);
  });
});

describe('which fixes', () => {
  const fixesOf = async (options: FixOptions): Promise<string> =>
    (await fix([save('web.yaml', web)], { ...options, write: true })).output.replace(`${folder}/web.yaml: `, '');

  test('only safe ones, all that admission makes, or those requested by name', async () => {
    expect(await fixesOf({})).toBe('run-as-non-root');
    expect(await fixesOf({ unsafe: true })).toBe(
      'drop-all-capabilities, no-privilege-escalation, require-seccomp-profile, run-as-non-root',
    );
    expect(await fixesOf({ unsafe: true, rule: ['no-privilege-escalation'] })).toBe('no-privilege-escalation');
    expect(await fixesOf({ unsafe: true, rule: ['no-service-account-token'] })).toBe('no-service-account-token');
  });

  test('a fix requested by name is made regardless of the policy, but never for exempt findings', async () => {
    const off = save(
      'off.yaml',
      'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nfixes: false\nnamespaces:\n- match: {names: [shop]}\n  fixes: false\n  rules: {run-as-non-root: {mode: "off", fix: false}}\n',
    );
    expect(await fixesOf({ policy: off })).toBe('');
    expect(await fixesOf({ policy: off, rule: ['run-as-non-root'] })).toBe('run-as-non-root');
    const exempt = save(
      'exempt.yaml',
      'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nexemptions:\n- {name: web, rules: ["*"], match: {namespaces: [shop]}, reason: x, owner: y}\n',
    );
    expect(await fixesOf({ policy: exempt, rule: ['run-as-non-root'] })).toBe('');
  });

  test.each([
    [{ rule: ['run-as-nonroot'] }, 'there is no rule "run-as-nonroot"; did you mean run-as-non-root?'],
    [
      { rule: ['no-host-network'] },
      'no-host-network has no fix: only the author of the Pod can decide; podwright explain no-host-network shows what to write',
    ],
    [
      { rule: ['pre-stop-sleep'] },
      'the fix of pre-stop-sleep can change how an application behaves; --unsafe makes it anyway, podwright explain pre-stop-sleep says what it does',
    ],
  ])('%o is refused', async (options, message) => {
    expect(await fix([save('web.yaml', web)], options)).toEqual({ output: '', messages: [message], exitCode: 2 });
  });
});

test('a template that an annotation keeps for another program is none of the manifest', async () => {
  const annotation = `annotations: {vault.hashicorp.com/agent-inject-template-a: '{{ with secret "a" }}{{ end }}'}`;
  const text = web.replace('    spec:\n', `    metadata:\n      ${annotation}\n    spec:\n`);
  const { exitCode } = await fix([save('web.yaml', text)], { write: true });
  expect({ exitCode, isRepaired: readFileSync(at('web.yaml'), 'utf8').includes('runAsNonRoot') }).toEqual({
    exitCode: 0,
    isRepaired: true,
  });
});

test.each([
  ['an argument', 'args: ["{{ literal }}"]'],
  ['a command', "lifecycle: {preStop: {exec: {command: [sh, -c, 'docker ps --format {{.ID}}']}}}"],
  ['an environment variable', "env: [{name: FORMAT, value: '{{ .Name }}'}]"],
])('%s with braces is text for the program in the container', async (_, member) => {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: x:1\n    ${member}\n    securityContext: {runAsUser: 5}\n`;
  const { exitCode } = await fix([save('pod.yaml', text)], { write: true });
  expect({ exitCode, text: readFileSync(at('pod.yaml'), 'utf8') }).toEqual({
    exitCode: 0,
    text: text.replace('{runAsUser: 5}', '{runAsUser: 5, runAsNonRoot: true}'),
  });
});

test('a chart in a directory is reported', async () => {
  mkdirSync(at('web'));
  save('web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
  expect(told(await fix([folder], { unsafe: true }))).toEqual({
    output: '',
    messages: [
      './web: left alone: it is a chart, and templates cannot be edited; render it: helm template ./web | podwright fix -',
      'nothing would change',
    ],
    exitCode: 2,
  });
});

test('--unsafe is not advised where it is given', async () => {
  const odd = web.replace('image: registry.example/web:2.1', 'image: registry.example/web:2.1\n        stdin: 1');
  const { messages, exitCode } = await fix([save('odd.yaml', odd)], { unsafe: true });
  expect({ advice: messages.filter((message) => message.includes('--unsafe')), exitCode }).toEqual({
    advice: [],
    exitCode: 2,
  });
});

test('values of environment variables and Secrets are in no diff', async () => {
  const secret = 'apiVersion: v1\nstringData: {password: hunter2}\nkind: Secret\n';
  const pod = `kind: Pod\napiVersion: v1\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"env": "hunter2"}\nspec:\n  securityContext: {runAsUser: 1000}\n  containers:\n  - {name: app, image: a, env: [{name: A, value: hunter2}]}\n`;
  const block =
    'kind: Pod\napiVersion: v1\nspec:\n  containers:\n  - name: app\n    image: a\n    securityContext: {runAsUser: 1}\n    env:\n    - name: A\n      value: |\n        hunter2\n        hunter2\n';
  const { output } = await fix([save('web.yaml', [pod, block, secret].join('---\n'))], { unsafe: true });
  expect(output).not.toContain('hunter2');
  expect(output.replaceAll(folder, '.')).toMatchInlineSnapshot(`
    "--- a./web.yaml
    +++ b./web.yaml
    @@ -5,9 +5,9 @@
         kubectl.kubernetes.io/last-applied-configuration: ***
     
     spec:
    -  securityContext: {runAsUser: 1000}
    +  securityContext: {runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
       containers:
    -  - {name: app, image: a, env: [{name: A, value: ***}]}
    +  - {name: app, image: a, env: [{name: A, value: ***}], securityContext: {capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false, runAsNonRoot: true}}
     ---
     kind: Pod
     apiVersion: v1
    @@ -15,12 +15,15 @@
       containers:
       - name: app
         image: a
    -    securityContext: {runAsUser: 1}
    +    securityContext: {runAsUser: 1, capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false, runAsNonRoot: true}
         env:
         - name: A
           value: ***
     
     
    +  securityContext:
    +    seccompProfile:
    +      type: RuntimeDefault
     ---
     apiVersion: v1
     stringData: ***"
  `);
});

describe('requests from usage', () => {
  const rule = ['require-cpu-request', 'require-memory-request'];
  const workload = (kind: string, name: string, containers: string): string =>
    `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop}
spec:
  template:
    spec:
      containers:
${containers}`;
  const bare = (name: string): string => `      - name: ${name}\n        image: registry.example/${name}:1\n`;
  const proposed = (name: string, cpu: string, memory: string) => ({
    name,
    proposed: { requests: { cpu, memory }, limits: { memory } },
  });
  const measured = (kind: string, name: string, containers: readonly object[], namespace = 'shop') => ({
    apiVersion: 'apps/v1',
    kind,
    namespace,
    name,
    containers,
  });
  const usage = (...workloads: readonly object[]): string =>
    save('usage.json', JSON.stringify({ version: 1, workloads }));
  const policy = `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: recommended
rules:
  require-cpu-request: { options: { default: 100m } }
`;

  test('replace the default of the policy, by namespace, kind, name and container', async () => {
    const file = save(
      'web.yaml',
      [
        workload('Deployment', 'web', `${bare('app')}${bare('proxy')}`),
        workload('StatefulSet', 'web', bare('app')),
      ].join('---\n'),
    );
    const fromUsage = usage(
      measured('Deployment', 'web', [proposed('app', '250m', '320Mi'), { name: 'proxy', proposed: null }]),
      measured('StatefulSet', 'web', [proposed('app', '1', '1Gi')], 'other'),
    );
    const options = { rule, unsafe: true, fromUsage, policy: save('policy.yaml', policy), write: true };
    expect(told(await fix([file], options))).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "messages": [
          "./web.yaml:1:1: ./usage.json proposes nothing for container "proxy"; what the policy says applies",
          "./web.yaml:13:1: ./usage.json proposes nothing for container "app"; what the policy says applies",
          "./web.yaml:14:9: enforce: container "proxy": requests no memory; set resources.requests.memory (require-memory-request)",
          "./web.yaml:27:9: enforce: container "app": requests no memory; set resources.requests.memory (require-memory-request)",
          "1 file changed",
        ],
        "output": "./web.yaml: require-cpu-request (3), require-memory-request",
      }
    `);
    expect(readFileSync(file, 'utf8')).toMatchInlineSnapshot(`
      "apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          spec:
            containers:
            - name: app
              image: registry.example/app:1
              resources:
                requests:
                  cpu: 250m
                  memory: 320Mi
            - name: proxy
              image: registry.example/proxy:1
              resources:
                requests:
                  cpu: 100m
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web, namespace: shop}
      spec:
        template:
          spec:
            containers:
            - name: app
              image: registry.example/app:1
              resources:
                requests:
                  cpu: 100m
      "
    `);
  });

  test('are not set above a limit', async () => {
    const limited = `${bare('app')}        resources: {limits: {memory: 64Mi}}\n`;
    const file = save('web.yaml', workload('Deployment', 'web', limited));
    const fromUsage = usage(measured('Deployment', 'web', [proposed('app', '250m', '320Mi')]));
    const { output } = told(await fix([file], { rule, unsafe: true, fromUsage }));
    expect(output).toMatchInlineSnapshot(`
      "--- a./web.yaml
      +++ b./web.yaml
      @@ -7,4 +7,4 @@
             containers:
             - name: app
               image: registry.example/app:1
      -        resources: {limits: {memory: 64Mi}}
      +        resources: {limits: {memory: 64Mi}, requests: {cpu: 250m}}"
    `);
  });

  test.each([
    ['workloads:', 'it has no list of workloads'],
    ['{"version": 1', 'unexpected end of the stream within a flow collection'],
    ['version: 1\nworkloads: []\n---\nversion: 1\nworkloads: []\n', 'it has several documents'],
    ['{"version": 2, "workloads": []}', 'its version is 2; this podwright reads version 1'],
    ['{"version": 1}', 'it has no list of workloads'],
    ['{"version": 1, "workloads": [{"kind": "Deployment"}]}', 'workloads[0] is not a workload'],
    [
      JSON.stringify({
        version: 1,
        workloads: [
          measured('Deployment', 'web', [proposed('proxy', '1', '1Gi'), proposed('app', '1', '1Gi')]),
          measured('Deployment', 'api', [proposed('app', '1', '1Gi')]),
          measured('Deployment', 'web', [proposed('app', '2', '1Gi')]),
        ],
      }),
      'workloads[0].containers[1] and workloads[2].containers[0] are both container "app" of Deployment shop/web',
    ],
  ])('from %s are rejected', async (text, message) => {
    const result = await fix([save('web.yaml', web)], { fromUsage: save('usage.json', text) });
    const told = `${at('usage.json')} was not written by podwright recommend -o json or -o yaml: ${message}`;
    expect(result).toEqual({ output: '', messages: [told], exitCode: 2 });
  });

  test.each(['Infinitym', '1e308', '-1', '0', '1x', null, true])('of %j are ignored and counted', async (cpu) => {
    const file = save('web.yaml', workload('Deployment', 'web', bare('app')));
    const own = { name: 'app', proposed: { requests: { cpu, memory: '320Mi' } } };
    const fromUsage = usage(measured('Deployment', 'web', [own]), measured('Job', 'web', [proposed('app', '0', '0')]));
    const { output, messages } = told(await fix([file], { rule, unsafe: true, fromUsage }));
    expect(output.split('\n').filter((line) => /^[+-] /.test(line))).toEqual([
      '+        resources:',
      '+          requests:',
      '+            memory: 320Mi',
    ]);
    expect(messages.filter((line) => line.startsWith('./usage.json'))).toEqual([
      cpu === null
        ? './usage.json: ignored 2 proposals that no container can have, such as "0" as the cpu of container "app" of Job shop/web'
        : `./usage.json: ignored 3 proposals that no container can have, such as ${JSON.stringify(cpu)} as the cpu of container "app" of Deployment shop/web`,
    ]);
  });

  test('come before the requests that the policy has for the workload', async () => {
    const file = save('web.yaml', workload('Deployment', 'web', bare('app')));
    const entry = '{ workloads: [shop/Deployment/web], value: 50m }';
    const own = save('policy.yaml', policy.replace('{ default: 100m }', `{ defaults: [${entry}] }`));
    const fromUsage = usage(measured('Deployment', 'web', [proposed('app', '250m', '320Mi')]));
    const { output } = told(await fix([file], { rule, unsafe: true, policy: own, fromUsage }));
    expect(output).toContain('+            cpu: 250m');
  });

  test('are read from YAML as well', async () => {
    const text = `version: 1
workloads:
- apiVersion: apps/v1
  kind: Deployment
  namespace: shop
  name: web
  containers:
  - name: app
    proposed: {requests: {cpu: "2", memory: 320Mi}}
`;
    const file = save('web.yaml', workload('Deployment', 'web', bare('app')));
    const { output } = told(await fix([file], { rule, unsafe: true, fromUsage: save('usage.yaml', text) }));
    expect(output).toContain('+            cpu: "2"');
  });

  test('of kinds that share a name are set for neither', async () => {
    const file = save('web.yaml', workload('Deployment', 'web', bare('app')));
    const other = { ...measured('Deployment', 'web', [proposed('app', '2', '1Gi')]), apiVersion: 'example.com/v1' };
    const fromUsage = usage(measured('Deployment', 'web', [proposed('app', '1', '1Gi')]), other);
    const { output, messages } = told(await fix([file], { rule, unsafe: true, fromUsage }));
    expect({ output, first: messages[0] }).toEqual({
      output: '',
      first: './web.yaml:1:1: ./usage.json proposes nothing for container "app"; what the policy says applies',
    });
  });

  test('from a file with a byte order mark are read', async () => {
    const text = `\uFEFF${JSON.stringify({ version: 1, workloads: [] })}`;
    const result = await fix([save('web.yaml', web)], { rule, unsafe: true, fromUsage: save('usage.json', text) });
    expect(result.messages.filter((message) => message.includes('was not written by'))).toEqual([]);
  });

  test('from a file that does not exist are rejected', async () => {
    const result = await fix([save('web.yaml', web)], { fromUsage: at('usage.json') });
    expect(told(result)).toEqual({ output: '', messages: ['no such file: ./usage.json'], exitCode: 2 });
  });
});
