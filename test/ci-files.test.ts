import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { version } from '../src/version.ts';

const root = path.join(import.meta.dirname, '..');
const textOf = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const docs = textOf('docs/ci.md');
const blocks = (language: string): string[] =>
  [...docs.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'podwright-ci-'));
  cpSync(path.join(root, 'test/cli/formats/manifests/shop.yaml'), path.join(folder, 'deploy/shop.yaml'));
  const program = `exec ${process.execPath} ${path.join(root, 'src/main.ts')} "$@"`;
  command('podwright', program);
  command('npx', `[ "$1 $2" = "--yes podwright@${version}" ] || exit 9\nshift 2\n${program}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program on the PATH of what `run` runs. */
function command(name: string, script: string): void {
  const file = path.join(folder, 'bin', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/bash\n${script}\n`);
  chmodSync(file, 0o755);
}

function run(script: string, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}`, ...env },
  });
  return { status, stdout, stderr };
}

const written = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
}

describe('action.yml', () => {
  const action = parse(textOf('action.yml')) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: Step[] };
  };
  const [, audit, , comment, last] = action.runs.steps.map((step) => step.run ?? '');

  const auditWith = (inputs: Record<string, string>) =>
    run(audit ?? '', {
      PATHS: 'deploy',
      POLICY: '',
      FAIL_ON: 'enforce',
      BASELINE: '',
      CHANGED_SINCE: '',
      VERSION: version,
      RUNNER_TEMP: path.join(folder, 'temp'),
      GITHUB_OUTPUT: path.join(folder, 'output'),
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
      ...inputs,
    });

  test('is for this version', () => {
    expect(action.inputs['version']?.default).toBe(version);
  });

  test('annotates, sums up and hands on SARIF; findings fail the job at the end', () => {
    const nothing = auditWith({ PATHS: 'no such folder\n' });
    expect({ status: nothing.status, stdout: nothing.stdout }).toEqual({ status: 0, stdout: '' });
    expect(written('output')).toBe('exit-code=2\n');
    rmSync(path.join(folder, 'output'));
    const { status, stdout } = auditWith({ PATHS: 'deploy\n\nno such folder/file\n' });
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe('::error file=no such folder/file,title=podwright::no such file or directory');
    expect(written('output')).toMatch(/^exit-code=2\nsarif-file=/);
    rmSync(path.join(folder, 'output'));
    const found = auditWith({});
    expect(found.stdout).toContain('::error file=deploy/shop.yaml,line=9,col=7,title=no-host-network::');
    const reports = path.join(folder, 'temp/podwright');
    expect(written('output').split('\n')).toEqual([
      'exit-code=1',
      `sarif-file=${reports}/podwright.sarif`,
      `markdown-file=${reports}/podwright.md`,
      '',
    ]);
    expect(written('summary.md')).toContain('<summary>Deployment shop/web: <b>denied</b>');
    expect(JSON.parse(written('temp/podwright/podwright.sarif')).version).toBe('2.1.0');
    expect([run(last ?? '', { STATUS: '1' }).status, run(last ?? '', { STATUS: '' }).status]).toEqual([1, 2]);
  });

  test('hands every input on', () => {
    writeFileSync(path.join(folder, 'mine.yaml'), 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\n');
    auditWith({ POLICY: 'mine.yaml', FAIL_ON: 'never' });
    expect(written('output')).toMatch(/^exit-code=0\n/);
    const missing = auditWith({ BASELINE: 'gone.json' });
    expect(missing.stderr).toContain('no such baseline: gone.json');
    expect(auditWith({ CHANGED_SINCE: 'origin/main' }).stderr).toContain('--changed-since origin/main: git says');
  });

  test('keeps one comment', () => {
    writeFileSync(path.join(folder, 'podwright.md'), '<!-- podwright -->\nreport\n');
    command('gh', 'printf "%s\\n" "$*" >> calls\n[ "$2" != --paginate ] || cat ids');
    const env = { GITHUB_REPOSITORY: 'shop/web', NUMBER: '7', MARKDOWN: 'podwright.md', GH_TOKEN: 'x' };
    const calls = (ids: string): string[] => {
      writeFileSync(path.join(folder, 'ids'), ids);
      rmSync(path.join(folder, 'calls'), { force: true });
      expect(run(comment ?? '', env)).toMatchObject({ status: 0, stderr: '' });
      return written('calls').trimEnd().split('\n').slice(1);
    };
    expect(calls('')).toEqual([
      'api --silent --method POST repos/shop/web/issues/7/comments --field body=@podwright.md',
    ]);
    expect(calls('12\n34\n')).toEqual([
      'api --silent --method PATCH repos/shop/web/issues/comments/12 --field body=@podwright.md',
    ]);
  });
});

describe('docs/ci.md', () => {
  test('names this version everywhere', () => {
    const versions = [...docs.matchAll(/podwright(?:@v?|:)(\d[\w.]*)/g)].map(([, found]) => found);
    expect(new Set(versions)).toEqual(new Set([version]));
    const hooks = textOf('.pre-commit-hooks.yaml');
    expect(new Set(hooks.match(/podwright:\d\S*/g))).toEqual(new Set([`podwright:${version}`]));
  });

  const gitlab = (
    parse(blocks('yaml').find((block) => block.includes('codequality')) ?? '') as {
      podwright: { script: string[]; artifacts: { reports: Record<string, string> } };
    }
  ).podwright;

  test('GitLab: the script writes the reports that the job names', () => {
    expect(run(gitlab.script.join('\n')).status).toBe(1);
    const { codequality = '', junit = '' } = gitlab.artifacts.reports;
    expect(JSON.parse(written(codequality))[0].check_name).toBe('no-host-network');
    expect(written(junit)).toMatch(/^<\?xml/);
  });

  test('Jenkins: the step writes the reports that the pipeline names', () => {
    const [pipeline = ''] = blocks('groovy');
    const [, script = ''] = /sh '([^']+)'/.exec(pipeline) ?? [];
    expect(run(script).status).toBe(1);
    const [, junit = ''] = /junit '([^']+)'/.exec(pipeline) ?? [];
    const [, sarif = ''] = /pattern: '([^']+)'/.exec(pipeline) ?? [];
    expect([junit, sarif].map((name) => existsSync(path.join(folder, name)))).toEqual([true, true]);
  });

  test('every command of podwright does what its text says', () => {
    const commands = blocks('sh').flatMap((block) => block.split('\n').filter((line) => line.startsWith('podwright ')));
    expect(commands.map((line) => [line, run(line).status])).toEqual([
      ['podwright audit deploy -o text -o sarif=reports/podwright.sarif -o junit=reports/podwright.xml', 1],
      ['podwright audit deploy --baseline podwright-baseline.json --update-baseline', 0],
      ['podwright audit deploy --baseline podwright-baseline.json', 0],
    ]);
  });

  test('the comment of the example excuses', () => {
    const example = blocks('yaml').find((block) => block.includes('podwright-ignore')) ?? '';
    writeFileSync(path.join(folder, 'agent.yaml'), `${example}      containers: [{ name: app, image: "a:1" }]\n`);
    expect(run('podwright audit agent.yaml').stdout).toContain('exempt: no-host-network (comment in line 7)');
  });

  test('pre-commit: the hooks are there, and evaluate the files that they are given', () => {
    const hooks = parse(textOf('.pre-commit-hooks.yaml')) as { id: string; entry: string }[];
    expect(hooks.map(({ id }) => id)).toContain(/id: (podwright-\w+)/.exec(docs)?.[1]);
    const system = hooks.find(({ id }) => id === 'podwright-audit-system');
    expect(run(`${system?.entry} deploy/shop.yaml`).status).toBe(1);
    const [, fix = ''] = hooks.find(({ id }) => id === 'podwright-fix')?.entry.split(`:${version} `) ?? [];
    cpSync(path.join(root, 'examples/web.yaml'), path.join(folder, 'web.yaml'));
    expect(run(`podwright ${fix} web.yaml`).stdout).toMatch(/^web\.yaml: /);
  });
});

test('the krew manifest is one, once a release fills it in', () => {
  const filled = textOf('.krew.yaml')
    .replace(/\{\{addURIAndSha "([^"]+)".*/, (_, uri: string) => `uri: ${uri}\n    sha256: "00"`)
    .replaceAll('{{ .TagName }}', `v${version}`);
  expect(parse(filled)).toMatchObject({
    kind: 'Plugin',
    metadata: { name: 'podwright' },
    spec: {
      version: `v${version}`,
      platforms: [{ uri: `https://github.com/podwright/podwright/releases/download/v${version}/podwright.tgz` }],
    },
  });
  expect(filled).not.toContain('{{');
});
