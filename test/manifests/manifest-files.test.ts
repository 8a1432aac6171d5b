import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findManifests } from '../../src/manifests/manifest-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
const at = (...names: string[]): string => path.join(folder, ...names);
const files: Readonly<Record<string, string>> = {
  'b/two.yml': '',
  'b/one.yaml': '',
  'a.json': '',
  'c.txt': '',
  '.git/x.yaml': '',
  'node_modules/y/z.yaml': '',
  '.hidden.yaml': '',
  'k/base/kustomization.yaml': 'resources: [web.yaml]',
  'k/base/web.yaml': '',
  'k/base/alone.yaml': '',
  'k/parts/kustomization.yaml': 'kind: Component',
  'k/prod/kustomization.yaml':
    'resources: [../base, "https://example.com/x.yaml"]\ncomponents: [../parts]\npatches: [{path: replicas.yaml}, {patch: "- op: add"}]\nconfigMapGenerator: [{files: [x=settings.yaml]}]',
  'k/prod/replicas.yaml': '',
  'k/prod/settings.yaml': '',
  'flux/kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\n',
  'flux/web.yaml': '',
  'charts/web/Chart.yaml': '',
  'charts/web/values.yaml': '',
  'charts/web/charts/sub/Chart.yaml': '',
  'ignored/.podwrightignore': '# drafts\ndrafts/\n*.test.yaml\n!keep.test.yaml\n',
  'ignored/drafts/a.yaml': '',
  'ignored/web.test.yaml': '',
  'ignored/keep.test.yaml': '',
  'layers/.podwrightignore': 'gen/\n*.json\ntest/\n',
  'layers/deploy/gen/.podwrightignore': '!again.yaml\n',
  'layers/deploy/gen/again.yaml': '',
  'layers/deploy/Test/web.yaml': '',
  'layers/deploy/.podwrightignore': '!kept.json\n',
  'layers/deploy/kept.json': '',
  'layers/deploy/lost.json': '',
  'layers/deploy/repository/.git/HEAD': '',
  'layers/deploy/repository/own.json': '',
};
for (const [name, text] of Object.entries(files)) {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
}
mkdirSync(at('empty'));
symlinkSync(at('b/one.yaml'), at('b/linked.yaml'));
symlinkSync(at('gone.yaml'), at('b/stale.yaml'));
symlinkSync(folder, at('b/up.yaml'));
symlinkSync('loop.yaml', at('b/loop.yaml'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is found, a line each: names below the folder, and why others are left out. */
async function found(paths: string[], exclude: string[] = [], render = true): Promise<string[]> {
  const result = await findManifests(paths, { exclude, render });
  const missing = result.missing.map(({ file, reason }) => `missing ${file}: ${reason}`);
  const lines = !('sources' in result)
    ? missing
    : [
        ...missing,
        ...result.sources.map((source) => {
          if ('kustomization' in source) return `kustomization ${source.kustomization.folder}`;
          return 'chart' in source ? `chart ${source.chart}` : source.file;
        }),
        ...result.leftOut.map(({ file, reason }) => `not ${file}: ${reason}`),
        ...result.unrendered.map(({ file, reason }) => `unrendered ${file}: ${reason}`),
        ...result.unreadable.map(({ file, reason }) => `unreadable ${file}: ${reason}`),
      ];
  return lines.map((line) => line.replaceAll(`${folder}/`, ''));
}

describe('paths', () => {
  test('a folder gives its manifests at any depth, sorted, without hidden folders, node_modules and links to folders', async () => {
    expect(await found([at('b'), folder], ['k', 'charts', 'flux', 'ignored', 'layers'])).toEqual([
      'b/linked.yaml',
      'b/loop.yaml',
      'b/one.yaml',
      'b/stale.yaml',
      'b/two.yml',
      '.hidden.yaml',
      'a.json',
      'not charts: it matches --exclude',
      'not flux: it matches --exclude',
      'not ignored: it matches --exclude',
      'not k: it matches --exclude',
      'not layers: it matches --exclude',
    ]);
  });

  test('files are taken as they are named, in order and once', async () => {
    expect(await found([at('c.txt'), '-', at('b/two.yml'), at('b', '..', 'b', 'two.yml'), '-'])).toEqual([
      'c.txt',
      '-',
      'b/two.yml',
    ]);
  });

  test('a pattern gives the manifests that match, or the folders', async () => {
    expect(await found([at('b/{one,two}.y*')])).toEqual(['b/one.yaml', 'b/two.yml']);
    expect(await found([at('*/base/*.yaml')])).toEqual([
      'k/base/alone.yaml',
      'k/base/web.yaml',
      'kustomization k/base',
    ]);
    expect(await found([at('char*')])).toEqual(['chart charts/web']);
    expect(await found([at('**/*.nothing')])).toEqual(['missing **/*.nothing: no manifest matches']);
  });

  test('a pattern may contain hidden directories and those above by name', async () => {
    const previous = process.cwd();
    process.chdir(at('b'));
    try {
      expect(await found(['../*.json'])).toEqual(['../a.json']);
      expect(await found(['./one*.yaml'])).toEqual(['one.yaml']);
      expect(await found([at('{.git,b}/*.yaml')])).toEqual(
        ['linked', 'loop', 'one', 'stale'].map((name) => `b/${name}.yaml`),
      );
      expect(await found([at('.git/*.yaml')])).toEqual(['.git/x.yaml']);
    } finally {
      process.chdir(previous);
    }
  });

  test('a path that names nothing is the answer', async () => {
    expect(await found([at('a.json'), at('none.yaml')])).toEqual([
      'missing none.yaml: no such file or directory',
      'a.json',
    ]);
    expect(await found([at('empty')])).toEqual(['missing empty: no *.yaml, *.yml or *.json file in the directory']);
    expect(await found([at('a.json', 'below')])).toEqual([
      expect.stringMatching(/^missing a\.json\/below: cannot be read: ENOTDIR/),
    ]);
  });
});

describe('what is left out', () => {
  test('what a kustomization is made of, and kustomizations that others are made of', async () => {
    expect(await found([at('k')])).toEqual([
      'k/base/alone.yaml',
      'kustomization k/prod',
      'not k/base/web.yaml: it is a part of k/base/kustomization.yaml',
      'not k/prod/replicas.yaml: it is a part of k/prod/kustomization.yaml',
      'not k/prod/settings.yaml: it is a part of k/prod/kustomization.yaml',
      'not k/base: it is a part of k/prod/kustomization.yaml',
    ]);
  });

  test('but not what stands beside an object of Flux in a file of that name', async () => {
    expect(await found([at('flux')])).toEqual(['flux/kustomization.yaml', 'flux/web.yaml']);
    expect(await found([at('flux/kustomization.yaml')])).toEqual(['flux/kustomization.yaml']);
  });

  test('but not what is named', async () => {
    expect(await found([at('k/prod/replicas.yaml'), at('k/base'), at('k/prod/kustomization.yaml')])).toEqual([
      'k/prod/replicas.yaml',
      'k/base/alone.yaml',
      'kustomization k/base',
      'kustomization k/prod',
      'not k/base/web.yaml: it is a part of k/base/kustomization.yaml',
    ]);
  });

  test('patches and charts, where only files are wanted', async () => {
    expect(await found([at('k'), at('charts')], [], false)).toEqual([
      'k/base/alone.yaml',
      'k/base/web.yaml',
      'unrendered charts/web: it is a chart, and templates cannot be edited; render it: helm template charts/web | podwright fix -',
    ]);
    const chart = at('charts/web');
    expect(await findManifests([chart], { render: false })).toEqual({
      missing: [
        {
          file: chart,
          reason: `it is a chart, and templates cannot be edited; render it: helm template ${chart} | podwright fix -`,
        },
      ],
    });
  });

  test('what is in a chart', async () => {
    expect(await found([at('charts')])).toEqual(['chart charts/web']);
  });

  test('in an ignore file of UTF-16, which PowerShell writes', async () => {
    const own = mkdtempSync(path.join(tmpdir(), 'podwright-'));
    for (const name of ['a.yaml', 'b.yaml']) writeFileSync(path.join(own, name), '');
    writeFileSync(path.join(own, '.podwrightignore'), Buffer.from('\uFEFFa.yaml\r\n', 'utf16le'));
    const found = await findManifests([own]);
    rmSync(own, { recursive: true });
    expect('sources' in found && found.sources).toEqual([{ file: path.join(own, 'b.yaml'), isNamed: false }]);
  });

  test('what .podwrightignore of the folder names', async () => {
    const drafts = 'not ignored/drafts: it matches ignored/.podwrightignore';
    const tested = 'not ignored/web.test.yaml: it matches ignored/.podwrightignore';
    expect(await found([at('ignored')])).toEqual(['ignored/keep.test.yaml', drafts, tested]);
    expect(await found([at('ignored/web.test.yaml')])).toEqual([tested]);
  });

  test('what .podwrightignore above names, as git decides, up to the root of the repository', async () => {
    const above = (file: string): string => `not ${file}: it matches layers/.podwrightignore`;
    const lines = [
      'layers/deploy/Test/web.yaml',
      'layers/deploy/kept.json',
      'layers/deploy/repository/own.json',
      above('layers/deploy/gen'),
      above('layers/deploy/lost.json'),
    ];
    expect(await found([at('layers')])).toEqual(lines);
    expect(await found([at('layers/deploy')])).toEqual(lines);
    expect(await found([at('layers/deploy/gen')])).toEqual([above('layers/deploy/gen')]);
    expect(await found([at('layers/deploy/gen/again.yaml')])).toEqual([above('layers/deploy/gen/again.yaml')]);
    expect(await found([at('layers/deploy/**/*.yaml')])).toEqual([
      'layers/deploy/Test/web.yaml',
      above('layers/deploy/gen/again.yaml'),
    ]);
    expect(await found([at('layers/deploy')], ['KEPT.json'])).toEqual(lines);
    const previous = process.cwd();
    process.chdir(at('layers/deploy'));
    try {
      expect((await found(['.'])).filter((line) => line.startsWith('not '))).toEqual([
        above('gen'),
        above('lost.json'),
      ]);
    } finally {
      process.chdir(previous);
    }
  });

  test('what --exclude names, from the working directory or from the folder', async () => {
    expect(await found([at('b')], ['*.yaml', '!one.yaml'])).toEqual([
      'b/one.yaml',
      'b/two.yml',
      ...['linked', 'loop', 'stale', 'up'].map((name) => `not b/${name}.yaml: it matches --exclude`),
    ]);
  });
});
