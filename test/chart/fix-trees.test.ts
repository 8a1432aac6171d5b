import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { type FixOptions, runFix } from '../../src/cli/run-fix.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-fix-trees-'));
afterEach(() => rmSync(folder, { recursive: true }));

const describeIfRendered = describe.skipIf(
  ['kustomize', 'kubectl'].every((name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error !== undefined),
);

const web = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
      - name: app
        image: registry.example/web:2.1
        securityContext: { runAsUser: 1000 }
        ports: [{ containerPort: 80 }]
        resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
`;

const patchOf = (container: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: app, ${container} }] } } }
`;

/** Runs `fix --write` on a tree; all that is told, and the changed files. */
async function fixed(tree: Readonly<Record<string, string>>, paths: readonly string[], options: FixOptions = {}) {
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const result = await runFix(
    paths.map((name) => path.join(folder, name)),
    { config: false, write: true, ...options },
    () => Readable.from([]),
    plain,
  );
  const isChanged = (name: string): boolean => readFileSync(path.join(folder, name), 'utf8') !== tree[name];
  return {
    exitCode: result.exitCode,
    leftAlone: result.messages
      .filter((message) => /left alone|render/.test(message))
      .map((message) => message.replaceAll(`${folder}/`, '')),
    changed: Object.keys(tree).filter(isChanged),
  };
}

const needsOther = (file: string): string => `${file} changes it so that it needs other fixes; write them by hand`;

describeIfRendered('an object is repaired in its file only if what Kustomize renders gets the same edits', () => {
  test.each([
    ['a user that the fix contradicts', 'securityContext: { runAsUser: 0 }', {}],
    [
      'a hook that the fix would be merged into',
      'lifecycle: { preStop: { exec: { command: [nginx, -s, quit] } } }',
      { unsafe: true },
    ],
    ['privileges that the fix contradicts', 'securityContext: { privileged: true }', { unsafe: true }],
  ])('%s, set by a patch', async (_, container, options) => {
    const tree = {
      'kustomization.yaml': 'resources: [d.yaml]\npatches: [{ path: p.yaml }]\n',
      'd.yaml': web,
      'p.yaml': patchOf(container),
    };
    const expected = {
      exitCode: 2,
      leftAlone: [`d.yaml:1 Deployment web: left alone: ${needsOther('kustomization.yaml')}`],
      changed: [],
    };
    expect(await fixed(tree, ['.'], options)).toEqual(expected);
    expect(await fixed(tree, ['d.yaml'], options)).toEqual(expected);
  });

  test('privileges, set by an inline patch', async () => {
    const operation = { op: 'add', path: '/spec/template/spec/containers/0/securityContext/privileged', value: true };
    const patches = [{ target: { kind: 'Deployment' }, patch: JSON.stringify([operation]) }];
    const tree = {
      'k/kustomization.yaml': `resources: [d.yaml]\npatches: ${JSON.stringify(patches)}\n`,
      'k/d.yaml': web,
    };
    expect(await fixed(tree, ['k'], { unsafe: true })).toEqual({
      exitCode: 2,
      leftAlone: [`k/d.yaml:1 Deployment web: left alone: ${needsOther('k/kustomization.yaml')}`],
      changed: [],
    });
  });

  test('a base by all its overlays, and an overlay alone not at all', async () => {
    const tree = {
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': web,
      'dev/kustomization.yaml':
        'namePrefix: dev-\nnamespace: dev\nresources: [../base]\nreplicas: [{ name: web, count: 3 }]\n',
      'prod/kustomization.yaml': 'resources: [../base]\npatches: [{ path: p.yaml }]\n',
      'prod/p.yaml': patchOf('securityContext: { runAsUser: 0 }'),
    };
    expect(await fixed(tree, ['.'])).toEqual({
      exitCode: 2,
      leftAlone: [`base/d.yaml:1 Deployment web: left alone: ${needsOther('prod/kustomization.yaml')}`],
      changed: [],
    });
    expect(await fixed(tree, ['dev'])).toEqual({
      exitCode: 2,
      leftAlone: [
        'base/d.yaml:1 Deployment dev/dev-web: left alone: dev/kustomization.yaml renders it from a file that is not among those to repair',
      ],
      changed: [],
    });
    expect(await fixed(tree, ['dev', 'base'])).toEqual({ exitCode: 0, leftAlone: [], changed: ['base/d.yaml'] });
  });

  test('beside what a patch adds to the same object', async () => {
    const tree = {
      'kustomization.yaml': 'resources: [d.yaml]\npatches: [{ path: p.yaml }]\n',
      'd.yaml': web,
      'p.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      securityContext: { fsGroup: 1000 }
      containers: [{ name: first, image: registry.example/first:1, securityContext: { runAsUser: 0 } }]
`,
    };
    const rule = ['require-seccomp-profile'];
    expect(await fixed(tree, ['.'], { unsafe: true, rule })).toEqual({
      exitCode: 0,
      leftAlone: [],
      changed: ['d.yaml'],
    });
  });

  test('nothing is repaired that a patch has repaired already', async () => {
    const tree = {
      'kustomization.yaml': 'resources: [d.yaml]\npatches: [{ path: p.yaml }]\n',
      'd.yaml': web,
      'p.yaml': patchOf('securityContext: { runAsNonRoot: true }'),
    };
    expect(await fixed(tree, ['.'])).toEqual({ exitCode: 0, leftAlone: [], changed: [] });
  });

  test('an object that a kustomization does not render, or that cannot be rendered', async () => {
    const patch = '{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web }, $patch: delete }';
    const tree = { 'kustomization.yaml': `resources: [d.yaml]\npatches: [{ patch: "${patch}" }]\n`, 'd.yaml': web };
    const reason = 'd.yaml:1 Deployment web: left alone: kustomization.yaml does not render it';
    expect(await fixed(tree, ['.'])).toEqual({ exitCode: 2, leftAlone: [reason], changed: [] });
    const broken = { ...tree, 'kustomization.yaml': 'resources: [d.yaml, none.yaml]\n' };
    expect(await fixed(broken, ['.'])).toEqual({
      exitCode: 2,
      leftAlone: [expect.stringMatching(/^kustomization.yaml: cannot be rendered: .*none.yaml/), reason],
      changed: [],
    });
  });
});

test('without the programs nothing of a kustomization is repaired', async () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nonexistent';
  try {
    expect(
      await fixed({ 'kustomization.yaml': 'resources: [d.yaml]\n', 'd.yaml': web, 'other.yaml': web }, ['.']),
    ).toEqual({
      exitCode: 2,
      leftAlone: [
        'kustomization.yaml: skipped: neither kustomize nor kubectl is on PATH; render it first: kubectl kustomize FOLDER | podwright audit -',
        'd.yaml:1 Deployment web: left alone: kustomization.yaml does not render it',
      ],
      changed: ['other.yaml'],
    });
  } finally {
    process.env['PATH'] = PATH;
  }
});
