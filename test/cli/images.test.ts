import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { runImages } from '../../src/cli/run-images.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';
import {
  capabilityAttribute,
  dockerArchive,
  membersOfLayout,
  ociArchive,
  packed,
  tarOf,
} from '../images/image-archive.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const [setuid, netBindService, checkpointRestore] = [7, 10, 40];

/** `sudo` and a hard link to it, a program with capabilities, and a shell. */
const base = tarOf([
  { name: 'usr/', type: '5', mode: 0o755 },
  { name: 'usr/bin/sudo', mode: 0o4755, content: 'sudo' },
  { name: 'usr/bin/sudoedit', type: '1', target: 'usr/bin/sudo' },
  { name: 'usr/bin/passwd', mode: 0o4755 },
  { name: 'usr/lib/sticky', mode: 0o4644 },
  { name: 'usr/bin/busybox', mode: 0o755, content: 'x'.repeat(700) },
  { name: 'bin/sh', type: '2', mode: 0o777, target: '/usr/bin/busybox' },
  { name: 'bin/sleep', type: '2', mode: 0o777, target: '/usr/bin/busybox' },
]);
const server = tarOf([
  {
    name: 'placeholder',
    mode: 0o755,
    content: 'server',
    pax: { path: 'usr/bin/server', ...capabilityAttribute(setuid, netBindService, checkpointRestore) },
  },
]);

test('an archive of docker save: user, setuid programs, capabilities of what it starts, shell', async () => {
  const config = { User: '1000:1000', Entrypoint: ['server'], Cmd: ['--help'] };
  const file = written('a.tar', dockerArchive(config, [base, packed.gzip(server)], ['acme/web:2.1', 'acme/web:2']));
  const { output, messages, exitCode } = await runImages([file]);
  expect(messages).toEqual([]);
  expect(exitCode).toBe(0);
  expect(output).toBe(`images:
- image: docker.io/acme/web:2.1
  user: 1000
  setuid: [sudo, sudoedit]
  capabilities: [CHECKPOINT_RESTORE, NET_BIND_SERVICE, SETUID]
  shell: true
- image: docker.io/acme/web:2
  user: 1000
  setuid: [sudo, sudoedit]
  capabilities: [CHECKPOINT_RESTORE, NET_BIND_SERVICE, SETUID]
  shell: true`);
  const policy = await loadPolicy(`apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${output}`, rules);
  expect('policy' in policy && policy.policy.images).toEqual(parse(output).images);
});

test('upper layers replace and remove files of lower ones', async () => {
  const upper = tarOf([
    { name: 'usr/bin/.wh.sudo' },
    { name: 'usr/bin/sudoedit', mode: 0o755 },
    { name: 'bin/.wh..wh..opq' },
    { name: 'sbin/mail', mode: 0o2755 },
  ]);
  const removing = tarOf([{ name: '.wh.sbin' }]);
  const file = written('b.tar', dockerArchive({}, [base, packed.zstd(upper), removing], ['registry.example/b']));
  expect((await runImages([file])).output).toBe(`images:
# has passwd; list under setuid those that it uses, or write []
- image: registry.example/b:latest
  user: 0
  capabilities: []
  shell: false`);
});

test('a directory that a later layer replaces by a link or a file loses its files', async () => {
  const lower = tarOf([
    { name: 'opt/', type: '5', mode: 0o755 },
    { name: 'opt/tools/sudo', mode: 0o4755 },
    { name: 'opt/tools-2/doas', mode: 0o4755 },
    { name: 'srv/helper', mode: 0o4755 },
    { name: 'usr/bin/kept', mode: 0o4755 },
  ]);
  const upper = tarOf([
    { name: 'opt/tools', type: '2', target: '/usr/bin' },
    { name: 'srv', content: 'a file' },
    { name: 'usr/', type: '5', mode: 0o755 },
    { name: 'usr/bin', type: '5', mode: 0o755 },
  ]);
  const file = written('replaced.tar', dockerArchive({ User: '7' }, [lower, upper], ['registry.example/b:1']));
  expect((await runImages([file])).output).toContain('  setuid: [doas, kept]\n');
});

test.each<[string, readonly { name: string; type?: string; mode?: number; target?: string }[], string]>([
  [
    'hard links to one program',
    [
      { name: 'bin/[', mode: 0o755 },
      { name: 'bin/sh', type: '1', target: 'bin/[' },
      { name: 'bin/sleep', type: '1', target: 'bin/[' },
    ],
    '  shell: true',
  ],
  [
    'a shell alone',
    [
      { name: 'bin/bash', mode: 0o755 },
      { name: 'etc/sleep', mode: 0o644 },
    ],
    '  shell: true\n  sleep: false',
  ],
  ['sleep alone', [{ name: 'usr/bin/sleep', mode: 0o755 }], '  shell: false\n  sleep: true'],
])('the shell and sleep: %s', async (_name, members, facts) => {
  const { output } = await runImages([written('hook.tar', dockerArchive({}, [tarOf(members)], ['acme/web:1']))]);
  expect(output).toBe(`images:\n- image: docker.io/acme/web:1\n  user: 0\n  setuid: []\n  capabilities: []\n${facts}`);
});

test('an OCI layout: linux/amd64 of an image for several platforms', async () => {
  const annotations = { 'io.containerd.image.name': 'registry.example/bare:1' };
  const program = tarOf([{ name: 'app', mode: 0o755 }]);
  const file = written('c.tar', ociArchive({ User: 'nobody', Cmd: ['/app'] }, [packed.zstd(program)], annotations));
  expect((await runImages([file])).output).toBe(`images:
- image: registry.example/bare:1
  user: nobody
  setuid: []
  capabilities: []
  shell: false`);
});

test('an OCI layout as a directory reads as its archive does, and nothing but files of it', async () => {
  const annotations = { 'io.containerd.image.name': 'registry.example/bare:1' };
  const layers = [packed.gzip(base)];
  const layout = mkdtempSync(path.join(folder, 'layout-'));
  const members = membersOfLayout({ User: '7' }, layers, annotations);
  for (const { name, content = '' } of members) {
    mkdirSync(path.join(layout, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(layout, name), content);
  }
  const archive = written('layout.tar', ociArchive({ User: '7' }, layers, annotations));
  const { output, messages } = await runImages([layout]);
  expect(messages).toEqual([]);
  expect(output).toContain('- image: registry.example/bare:1\n  user: 7\n');
  expect(output).toBe((await runImages([archive])).output);

  const config = members.find(({ content }) => String(content).includes('"User":"7"'))?.name ?? '';
  rmSync(path.join(layout, config));
  expect((await runImages([layout])).messages).toEqual([`${layout}: lacks ${config}`]);
  mkdirSync(path.join(layout, config));
  expect((await runImages([layout])).messages).toEqual([`${layout}: lacks ${config}`]);
});

const unusable = 'which is neither a number up to 2147483647 nor a name; state the user';

test.each([
  ['0x1', '"0x1"'],
  ['-1', '"-1"'],
  ['2147483648:0', '"2147483648:0"'],
  ['a b\n- image: "*"', '"a b - image: \\"*\\""'],
  ['u'.repeat(70), `"${'u'.repeat(62)}…"`],
])('a user that no policy can state is named, and not stated: %j', async (User, shown) => {
  const { output } = await runImages([written('strange.tar', dockerArchive({ User }, [], ['acme/web']))]);
  expect(output).toBe(`images:
# has the user ${shown}, ${unusable}
- image: docker.io/acme/web:latest
  setuid: []
  capabilities: []
  shell: false`);
});

test('a policy takes whatever is printed of an image', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const user = fc.oneof(
    text,
    fc.integer().map(String),
    fc.constantFrom('0x1', '-1', '+5', ' ', 'on', '1e3', '2147483648'),
  );
  const program = text.map((name) => `bin/${name.replaceAll(/[/\0]/g, ' ')}`);
  await fc.assert(
    fc.asyncProperty(user, fc.array(program, { maxLength: 4 }), async (User, programs) => {
      const layer = tarOf(programs.map((name) => ({ name: 'x', mode: 0o4755, pax: { path: name } })));
      const { output } = await runImages([written('any.tar', dockerArchive({ User }, [layer], ['acme/web']))]);
      const policy = await loadPolicy(`apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${output}`, rules);
      expect('policy' in policy ? policy.policy.images : policy).toEqual(parse(output).images);
    }),
  );
});

test('capabilities of a program that another one starts are privileges that the image relies on', async () => {
  const config = { User: '1000', Entrypoint: ['/entrypoint.sh'] };
  const { output } = await runImages([written('d.tar', dockerArchive(config, [server], null))]);
  expect(output).toContain('  setuid: [server]\n  capabilities: []\n');
  expect(output).toContain('does not record the name of its image; fill it in\n- image: ""\n');
});

test('names that YAML 1.1 reads as other types are in quotes, and a file name stays within its comment', async () => {
  const yes = tarOf([{ name: 'bin/yes', mode: 0o4755 }]);
  const file = written('e\nfoo: \u001b[31m.tar', dockerArchive({ User: 'on' }, [yes], null));
  const { output } = await runImages([file]);
  expect(output).toBe(`images:
# ${folder}/e foo:  [31m.tar does not record the name of its image; fill it in
- image: ""
  user: "on"
  setuid: ["yes"]
  capabilities: []
  shell: false`);
});

const whole = dockerArchive({}, [base], ['acme/web']);

test.each<[string, Buffer, string]>([
  ['text', Buffer.from('not an archive'.repeat(100)), 'is not a tar archive'],
  ['empty', Buffer.alloc(0), 'is no image: it has neither manifest.json nor index.json'],
  ['another tar', tarOf([{ name: 'a', content: 'b' }]), 'is no image: it has neither manifest.json nor index.json'],
  ['half', whole.subarray(0, 1500), 'is cut off'],
  ['no list', tarOf([{ name: 'manifest.json', content: '{}' }]), 'has a manifest without images'],
  ['no images', tarOf([{ name: 'manifest.json', content: '[]' }]), 'has no image for Linux'],
  ['no manifests', tarOf([{ name: 'index.json', content: '{"manifests":[]}' }]), 'has no image for Linux'],
  ...['null', '[]', '{"config":"x"}', '{"config":{"User":1000}}'].map((content): [string, Buffer, string] => [
    `config ${content.length}`,
    tarOf([
      { name: 'manifest.json', content: '[{"Config":"c","Layers":[]}]' },
      { name: 'c', content },
    ]),
    'has a c that is no configuration of an image',
  ]),
  ['no JSON', tarOf([{ name: 'manifest.json', content: '{' }]), 'has a manifest.json that is not JSON'],
  [
    'no layer',
    tarOf([
      { name: 'manifest.json', content: '[{"Config":"c","Layers":["l"]}]' },
      { name: 'c', content: '{}' },
    ]),
    'lacks l',
  ],
  [
    'broken layer',
    dockerArchive({}, [packed.gzip(base).subarray(0, 100)], ['a']),
    'cannot be read: unexpected end of file',
  ],
  [
    'broken PAX',
    dockerArchive({}, [tarOf([{ name: 'x', type: 'x', content: '9999 a=b\n' }])], ['a']),
    'has a broken PAX header',
  ],
  ['compressed', packed.gzip(whole), 'is compressed; decompress it first'],
])('%s is no archive of an image', async (name, content, problem) => {
  const file = written(`bad ${name}`, content);
  expect(await runImages([file])).toEqual({ output: '', messages: [`${file}: ${problem}`], exitCode: 2 });
});

test('one that cannot be read does not hide the others', async () => {
  mkdirSync(path.join(folder, 'layout'));
  const good = written('good.tar', dockerArchive({ User: '65532' }, [], ['acme/web']));
  const { output, messages, exitCode } = await runImages([path.join(folder, 'layout'), './none.tar', 'No Image', good]);
  expect(output).toContain('- image: docker.io/acme/web:latest\n  user: 65532\n');
  expect(messages).toEqual([
    `${path.join(folder, 'layout')}: is a directory without index.json; specify an OCI layout, or an archive of docker save`,
    './none.tar: there is no such file',
    'No Image: is neither a file nor the name of an image',
  ]);
  expect(exitCode).toBe(2);
});

test('without skopeo and crane there is no registry', async () => {
  vi.stubEnv('PATH', folder);
  const { messages, exitCode } = await runImages(['registry.example/acme/web:1']);
  vi.unstubAllEnvs();
  expect(messages).toEqual([
    'registry.example/acme/web:1: reading an image from a registry needs skopeo or crane on the PATH; or specify an archive of docker save',
  ]);
  expect(exitCode).toBe(2);
});

test.each([
  [
    'skopeo',
    'f=${4#docker-archive:}; [ "$3" = docker://registry.example/acme/web:1 ] && cp "$ARCHIVE" "${f%%.tar:*}.tar"',
  ],
  ['crane', '[ "$1 $2" = "pull registry.example/acme/web:1" ] && cp "$ARCHIVE" "$3"'],
])('%s pulls an image', async (program, script) => {
  const programs = mkdtempSync(path.join(folder, 'programs-'));
  writeFileSync(path.join(programs, program), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', programs);
  vi.stubEnv('ARCHIVE', written('pulled.tar', dockerArchive({ User: '7' }, [], null)));
  const { output, messages } = await runImages(['registry.example/acme/web:1']);
  vi.unstubAllEnvs();
  expect(messages).toEqual([]);
  expect(output).toContain('- image: registry.example/acme/web:1\n  user: 7\n');
});
