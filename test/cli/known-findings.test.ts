import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditOptions } from '../../src/cli/audit-options.ts';
import { isChanged } from '../../src/cli/changed-files.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';
import { kustomizationIn } from '../../src/manifests/kustomization.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'podwright-')));
  write('policy/podwright.yaml', readFileSync(path.join(import.meta.dirname, 'formats/manifests/policy.yaml'), 'utf8'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

async function audited(names: readonly string[], options: Partial<AuditOptions> = {}) {
  const policy = path.join(folder, 'policy/podwright.yaml');
  const paths = names.map((name) => path.join(folder, name));
  const result = await runAudit(paths, { failOn: 'enforce', policy, ...options }, () => Readable.from([]), plain);
  const short = (text: string): string => text.replaceAll(`${folder}/`, '');
  return { ...result, output: short(result.output), messages: result.messages.map(short) };
}

const json = { output: [{ format: 'json', file: undefined }] } as const;

describe('comments', () => {
  const deployment = (above: string, atHost: string, atContainer: string): string => `${above}
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    spec:
      hostNetwork: true ${atHost}
      containers:
      - name: app ${atContainer}
        image: a:1
      - name: proxy
        image: b:1
        resources: { requests: { cpu: 100m } }
`;

  test('beside the only item of a list exempt the findings of the list', async () => {
    const pod = (added: string): string => `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
  - name: app
    image: a:1
    securityContext:
      capabilities:
        add:
${added}`;
    const policy = path.join(folder, 'capabilities.yaml');
    write(
      'capabilities.yaml',
      'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\nrules: { limit-capabilities: { mode: enforce } }\n',
    );
    const item = '        - SYS_ADMIN # podwright-ignore limit-capabilities: mounts\n';
    write('web.yaml', pod(item));
    const one = await audited(['web.yaml'], { policy });
    expect([one.messages, one.exitCode]).toEqual([[], 0]);
    write('web.yaml', pod(`${item}        - NET_RAW\n`));
    const two = await audited(['web.yaml'], { policy });
    expect([two.messages, two.exitCode]).toEqual([
      ['web.yaml:11:21: the comment ignores limit-capabilities, which finds nothing there; remove the comment'],
      1,
    ]);
  });

  test('at a line exempt the findings there, which are not repaired', async () => {
    const ignore = '# podwright-ignore no-privilege-escalation, require-cpu-request: sends ping';
    write('web.yaml', deployment('', '# podwright-ignore no-host-network: an agent', ignore));
    expect(await audited(['web.yaml'])).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "messages": [],
        "output": "web.yaml:2 Deployment shop/web: allowed
        recorded only: read-only-root-filesystem
        repaired (can change behavior): no-privilege-escalation
        exempt: no-host-network (comment in line 8), no-privilege-escalation (comment in line 10),
                require-cpu-request (comment in line 10)

      1 subject: none denied; findings: 2 audit; 1 repaired at admission; 3 exempt
      Why and how: podwright explain read-only-root-filesystem",
      }
    `);
    const [subject] = JSON.parse((await audited(['web.yaml'], json)).output).subjects;
    expect(subject.patch.map(({ path: at }: { path: string }) => at)).toEqual([
      '/spec/template/spec/containers/1/securityContext',
      '/spec/template/metadata',
    ]);
    expect(subject.findings[0]).toMatchObject({ exempt: 'comment in line 8', exemptReason: 'an agent' });
  });

  test('above an object exempt all of it, and no other object', async () => {
    const ignore = '# podwright-ignore no-host-network,require-cpu-request: being moved';
    write('web.yaml', `${deployment(ignore, '', '')}---\n${deployment('', '', '')}`);
    const subjects = JSON.parse((await audited(['web.yaml'], json)).output).subjects;
    expect(subjects.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['allow', 'deny']);
  });

  test('are suppressions in the source for SARIF', async () => {
    write('web.yaml', deployment('# podwright-ignore no-host-network: an agent', '', ''));
    const sarif = { output: [{ format: 'sarif', file: undefined }] } as const;
    const [result] = JSON.parse((await audited(['web.yaml'], sarif)).output).runs[0].results;
    expect(result.suppressions).toEqual([{ kind: 'inSource', status: 'accepted', justification: 'an agent' }]);
  });

  test('that excuse nothing are named, unless their rule is off', async () => {
    const ignore = '# podwright-ignore no-host-network, no-host-pid, limit-empty-dir: was an agent';
    write(
      'web.yaml',
      `${deployment(ignore, '', '')}---\n${deployment('', '# podwright-ignore no-host-network: x', '')}`,
    );
    const { messages, exitCode } = await audited(['web.yaml']);
    expect({ messages, exitCode }).toEqual({
      messages: ['web.yaml:1:1: the comment ignores no-host-pid, which finds nothing there; remove the comment'],
      exitCode: 1,
    });
  });

  test('without a reason or a valid rule exempt nothing and are reported: exit code 2', async () => {
    write('web.yaml', deployment('# podwright-ignore no-host-networks: an agent', '# podwright-ignore', ''));
    const { messages, exitCode, output } = await audited(['web.yaml']);
    expect({ messages, exitCode }).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "messages": [
          "web.yaml:8:25: an ignore comment needs rules and a reason: # podwright-ignore RULE: reason",
          "web.yaml:1:1: the comment ignores no-host-networks, which is not a rule; did you mean no-host-network?",
        ],
      }
    `);
    expect(output).toContain('enforce  8:7   hostNetwork is true');
  });
});

describe('baseline', () => {
  const pod = (name: string, spec = 'hostPID: true'): string =>
    `{ apiVersion: v1, kind: Pod, metadata: { name: ${name} }, spec: { ${spec}, containers: [] } }\n`;
  const baseline = (): string => path.join(folder, 'baseline.json');

  test('fails only on new findings', async () => {
    write('a.yaml', pod('old'));
    const made = await audited(['a.yaml'], { baseline: baseline(), updateBaseline: true });
    expect({
      ...made,
      files: made.files?.map(({ file, text }) => [path.basename(file), JSON.parse(text)]),
    }).toMatchInlineSnapshot(`
      {
        "exitCode": 0,
        "files": [
          [
            "baseline.json",
            {
              "findings": [
                {
                  "finding": "no-host-pid: Pod old spec.hostPID",
                  "fingerprint": "029f39a89b03f206:1",
                },
              ],
              "version": 1,
            },
          ],
        ],
        "messages": [],
        "output": "a.yaml:1 Pod old: denied
        exempt: no-host-pid (baseline)

      1 subject: 1 denied; no findings; 1 exempt",
      }
    `);
    write('baseline.json', made.files?.[0]?.text ?? '');
    write('a.yaml', `\n# moved\n${pod('old')}`);
    expect((await audited(['a.yaml'], { baseline: baseline() })).exitCode).toBe(0);
    write('a.yaml', `${pod('old', 'hostPID: true, hostNetwork: true')}---\n${pod('new')}`);
    const { output, exitCode } = await audited(['a.yaml'], { baseline: baseline() });
    expect(exitCode).toBe(1);
    expect(output).toMatchInlineSnapshot(`
      "a.yaml:1 Pod old: denied
        enforce  1:78  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)
        exempt: no-host-pid (baseline)

      a.yaml:3 Pod new: denied
        enforce  3:63  hostPID is true and shows every process of the node; remove it (a node agent needs
                       an exemption) (no-host-pid)

      2 subjects: 2 denied; findings: 2 enforce; 1 exempt
      Why and how: podwright explain no-host-network"
    `);
  });

  test('counts findings that are not listed, of which more are new and fewer are not', async () => {
    const withContainers = (count: number): string => {
      const containers = Array.from({ length: count }, (_, index) => `{ name: c${index}, image: "a:1" }`);
      return `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [${containers.join(', ')}] }\n`;
    };
    write('a.yaml', withContainers(22));
    const made = await audited(['a.yaml'], { baseline: baseline(), updateBaseline: true });
    write('baseline.json', made.files?.[0]?.text ?? '');
    const codes = [];
    for (const count of [22, 23, 21]) {
      write('a.yaml', withContainers(count));
      codes.push((await audited(['a.yaml'], { baseline: baseline() })).exitCode);
    }
    expect(codes).toEqual([0, 1, 0]);
  });

  test('is not written if it would forget what could not be read', async () => {
    write('a.yaml', pod('old'));
    write('broken.yaml', 'kind: [\n');
    const options = { baseline: baseline(), updateBaseline: true };
    const { files, messages, exitCode } = await audited(['a.yaml', 'broken.yaml'], options);
    expect({ files, messages, exitCode }).toEqual({
      files: undefined,
      messages: [
        'broken.yaml:2:1: cannot be parsed: unexpected end of the stream within a flow collection',
        'baseline.json is unchanged: not all input was read',
      ],
      exitCode: 2,
    });
  });

  test('keeps what may be in a chart or a kustomization that was skipped', async () => {
    vi.stubEnv('PATH', folder);
    write('a.yaml', pod('old'));
    write('chart/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    write('base/kustomization.yaml', 'resources: []\n');
    const earlier = { finding: 'no-host-ipc: Pod web spec.hostIPC', fingerprint: 'ffff:1', more: 2 };
    write('baseline.json', JSON.stringify({ version: 1, findings: [earlier] }));
    const updated = async (...names: string[]) => {
      const { files = [], exitCode } = await audited(names, { baseline: baseline(), updateBaseline: true });
      const [{ text, note = '' } = { text: '' }] = files;
      return [(JSON.parse(text) as { findings: unknown[] }).findings, path.basename(note), exitCode];
    };
    const own = { finding: 'no-host-pid: Pod old spec.hostPID', fingerprint: '029f39a89b03f206:1' };
    const note = 'baseline.json keeps 1 finding that may be in what was skipped';
    expect(await updated('a.yaml', 'chart')).toEqual([[own, earlier], note, 0]);
    expect(await updated('a.yaml', 'base')).toEqual([[own, earlier], note, 0]);
    expect(await updated('a.yaml')).toEqual([[own], '', 0]);
  });

  test('and outputs never overwrite a manifest, but earlier outputs', async () => {
    write('a.yaml', `# a comment\n---\n${pod('old')}`);
    const file = path.join(folder, 'a.yaml');
    const messages = ['a.yaml is a manifest, and the output would overwrite it; specify another file'];
    const overwriting = [
      { baseline: file, updateBaseline: true },
      { output: [{ format: 'json', file: undefined } as const, { format: 'sarif', file } as const] },
    ];
    for (const options of overwriting)
      expect(await audited(['a.yaml'], options)).toEqual({ output: '', messages, exitCode: 2 });
    for (const format of ['json', 'yaml'] as const) {
      const output = [{ format, file: path.join(folder, `out.${format}`) }];
      const { files } = await audited(['a.yaml'], { output });
      write(`out.${format}`, files?.[0]?.text ?? '');
      expect(await audited(['a.yaml'], { output })).toMatchObject({ files, exitCode: 1 });
    }
  });

  test('that is missing or invalid is reported', async () => {
    write('a.yaml', pod('old'));
    write('baseline.json', '{}');
    expect(await audited(['a.yaml'], { baseline: baseline() })).toEqual({
      output: '',
      messages: ['baseline.json is not a baseline; --update-baseline writes one'],
      exitCode: 2,
    });
    rmSync(baseline());
    const { messages } = await audited(['a.yaml'], { baseline: baseline() });
    expect(messages).toEqual(['no such baseline: baseline.json; --update-baseline writes it']);
    execFileSync('mkfifo', [baseline()]);
    const { messages: ofPipe } = await audited(['a.yaml'], { baseline: baseline() });
    expect(ofPipe).toEqual(['baseline.json cannot be read as a baseline: it is a named pipe, not a file']);
  });
});

describe('--changed-since', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const pod = (name: string): string =>
    `{ apiVersion: v1, kind: Pod, metadata: { name: ${name} }, spec: { hostPID: true, containers: [] } }\n`;
  const titles = (output: string): string[] => output.split('\n').filter((line) => /^.+:\d+ Pod/.test(line));

  beforeEach(() => {
    git('init', '--initial-branch', 'main', '--quiet');
    for (const name of ['same', 'committed', 'edited', 'gone', 'on-main']) write(`apps/${name}.yaml`, pod(name));
    write('apps/broken.yaml', 'a: [');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    git('checkout', '--quiet', '-b', 'feature');
  });

  test('evaluates all that is rendered of a folder when a file that it is made of has changed', async () => {
    const chart = { chart: path.join(folder, 'charts/web'), isNamed: false };
    const named = async (file: string, source = chart, values: readonly string[] = []): Promise<boolean> =>
      isChanged(source, new Set([path.join(folder, file)]), values);
    write('charts/web/Chart.yaml', '');
    write('values/prod.yaml', '');
    expect(await named('charts/web/templates/web.yaml')).toBe(true);
    expect(await named('charts/web-two/Chart.yaml')).toBe(false);
    expect(await named('values/prod.yaml')).toBe(false);
    expect(await named('values/prod.yaml', chart, [path.join(folder, 'values/prod.yaml')])).toBe(true);
    write(
      'base/kustomization.yaml',
      'resources: [web.yaml]\nconfigMapGenerator: [{ name: a, files: [../etc/a.conf] }]\n',
    );
    write('base/web.yaml', pod('web'));
    write('etc/a.conf', '');
    write('prod/kustomization.yaml', 'resources: [../base]\n');
    const kustomization = kustomizationIn(path.join(folder, 'prod'));
    const changes = (file: string) => kustomization && isChanged({ kustomization }, new Set([path.join(folder, file)]));
    expect(await changes('prod/values.env')).toBe(true);
    expect(await changes('base/web.yaml')).toBe(true);
    expect(await changes('etc/a.conf')).toBe(true);
    expect(await changes('etc/b.conf')).toBe(false);
  });

  test('evaluates what is committed, edited or new, not what others changed meanwhile', async () => {
    write('apps/committed.yaml', `# changed\n${pod('committed')}`);
    git('rm', '--quiet', 'apps/gone.yaml');
    git('commit', '--all', '--quiet', '--message', 'second');
    write('apps/edited.yaml', `# changed\n${pod('edited')}`);
    write('apps/ä new.yaml', pod('new'));
    git('checkout', '--quiet', 'main');
    write('apps/on-main.yaml', `# changed\n${pod('on-main')}`);
    git('commit', '--quiet', '--message', 'meanwhile', 'apps/on-main.yaml');
    git('checkout', '--quiet', 'feature');
    const { output, messages, exitCode } = await audited(['apps'], { changedSince: 'main' });
    expect({ titles: titles(output), messages, exitCode }).toEqual({
      titles: [
        'apps/committed.yaml:2 Pod committed: denied',
        'apps/edited.yaml:2 Pod edited: denied',
        'apps/ä new.yaml:1 Pod new: denied',
      ],
      messages: [],
      exitCode: 1,
    });
  });

  test('evaluates what git does not know', async () => {
    const library = path.join(folder, 'library');
    write('library/pod.yaml', pod('library'));
    execFileSync('git', ['init', '--quiet', library]);
    for (const args of [
      ['add', '.'],
      ['commit', '--quiet', '--message', 'first'],
    ])
      execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: library });
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', './library', 'apps/submodule');
    write('.gitignore', 'rendered/\nlibrary/\n');
    write('apps/rendered/web.yaml', pod('ignored'));
    const outside = mkdtempSync(path.join(tmpdir(), 'podwright-'));
    writeFileSync(path.join(outside, 'pod.yaml'), pod('outside'));
    const options = { changedSince: 'main' };
    const named = await audited(['apps', 'apps/rendered/web.yaml', path.relative(folder, outside)], options);
    expect(titles(named.output).map((title) => title.replace(/^.*:1 /, ''))).toEqual([
      'Pod ignored: denied',
      'Pod library: denied',
      'Pod outside: denied',
    ]);
    const found = await audited(['apps'], options);
    rmSync(outside, { recursive: true });
    expect(titles(found.output)).toEqual(['apps/submodule/pod.yaml:1 Pod library: denied']);
  });

  describe('evaluates workloads that get findings by what changed around them', () => {
    const workload = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: "a:1" }] }
`;
    const service = (app: string): string =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: ${app} }, ports: [{ port: 80 }] }\n`;
    const budget = (app: string): string =>
      `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${app}, namespace: shop }\nspec: { maxUnavailable: 1, selector: { matchLabels: { app: ${app} } } }\n`;
    const policy =
      'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\nrules: { require-readiness-probe: { mode: enforce }, require-disruption-budget: { mode: enforce } }\n';
    const evaluated = async (...names: string[]) => {
      const { output, messages, exitCode } = await audited(names.length > 0 ? names : ['shop'], {
        changedSince: 'main',
        policy: path.join(folder, 'neighbors.yaml'),
      });
      return { titles: output.split('\n').filter((line) => /^.+:\d+ Deployment/.test(line)), messages, exitCode };
    };
    const nothing = { titles: [], messages: ['no file to check has changed since main'], exitCode: 0 };
    const around = '1 subject in unchanged files checked too, because of what changed around them';

    beforeEach(() => {
      write('neighbors.yaml', policy);
      for (const name of ['web', 'api']) {
        write(`shop/${name}.yaml`, workload(name));
        write(`shop/${name}-budget.yaml`, budget(name));
      }
      write('shop/service.yaml', service('nothing'));
      write('shop/.podwrightignore', 'old.yaml\n');
      write('shop/old.yaml', budget('web'));
      git('add', '.');
      git('commit', '--quiet', '--message', 'shop');
      git('branch', '--force', 'main');
    });

    test('a Service that selects them', async () => {
      expect(await evaluated()).toEqual(nothing);
      write('shop/service.yaml', service('api'));
      expect(await evaluated()).toEqual({
        titles: ['shop/api.yaml:1 Deployment shop/api: denied'],
        messages: [around],
        exitCode: 1,
      });
      git('commit', '--all', '--quiet', '--message', 'select');
      write('shop/api.yaml', `# changed\n${workload('api')}`);
      expect((await evaluated()).titles).toEqual(['shop/api.yaml:2 Deployment shop/api: denied']);
    });

    test('a file that is gone', async () => {
      rmSync(path.join(folder, 'shop/web-budget.yaml'));
      rmSync(path.join(folder, 'shop/old.yaml'));
      const messages = ['no file to check has changed since main', around];
      expect(await evaluated()).toEqual({
        titles: ['shop/web.yaml:1 Deployment shop/web: denied'],
        messages,
        exitCode: 1,
      });
      expect(await evaluated('shop/api.yaml')).toEqual(nothing);
    });

    test('not one that moved, or that no longer matters', async () => {
      git('mv', 'shop/web-budget.yaml', 'shop/budget.yaml');
      write('shop/service.yaml', service('nobody'));
      rmSync(path.join(folder, 'shop/old.yaml'));
      expect(await evaluated()).toEqual({ titles: [], messages: [], exitCode: 0 });
    });
  });

  test('counts a file that is gone for the chart that it was part of', async () => {
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    write('helm', '#!/bin/sh\necho "Error: a test" >&2\nexit 1\n');
    chmodSync(path.join(folder, 'helm'), 0o755);
    write('charts/web/Chart.yaml', 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    write('charts/web/templates/budget.yaml', '');
    git('add', 'charts');
    git('commit', '--quiet', '--message', 'chart');
    git('branch', '--force', 'main');
    expect((await audited(['charts'], { changedSince: 'main' })).exitCode).toBe(0);
    git('rm', '--quiet', 'charts/web/templates/budget.yaml');
    expect((await audited(['charts'], { changedSince: 'main' })).messages).toEqual([
      'charts/web/Chart.yaml: cannot be rendered: a test',
    ]);
  });

  test('reports nothing if nothing has changed', async () => {
    expect(await audited(['apps'], { changedSince: 'main' })).toEqual({
      output: 'no Pods found: the input contains no Pods or Pod templates',
      messages: ['no file to check has changed since main'],
      exitCode: 0,
    });
  });

  test.each([
    ['nowhere', "--changed-since nowhere: git says bad revision 'nowhere'"],
    ['--output=x', '--changed-since: --output=x is not a revision'],
  ])('of what is not a revision: %s', async (changedSince, message) => {
    const { messages, exitCode } = await audited(['apps'], { changedSince });
    expect({ messages, exitCode }).toEqual({ messages: [message], exitCode: 2 });
  });
});
