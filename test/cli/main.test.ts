import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '../..');
const main = path.join(root, 'src/main.ts');
const policy = ['--policy', 'test/cli/fixtures/policy.yaml'];

function podwright(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('podwright', () => {
  test('serves a dashboard until Ctrl-C', async () => {
    const child = spawn(process.execPath, [main, 'dashboard', '--port', '0'], {
      env: { ...process.env, KUBECONFIG: '/nonexistent/config' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [line] = (await once(child.stderr, 'data')) as [Buffer];
    const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line.toString()) ?? [''];
    expect(line.toString()).toBe(`the dashboard is at ${address}, for this machine only; Ctrl-C ends it\n`);
    const page = await fetch(address);
    expect([page.status, (await page.text()).includes('/nonexistent/config')]).toEqual([502, true]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('says which port the dashboard cannot have: exit code 2', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(podwright(['dashboard', '--port', String(port)])).toEqual({
      status: 2,
      stdout: '',
      stderr: `cannot listen on 127.0.0.1:${port}: the port is in use by another program; choose another with --port\n`,
    });
    other.close();
  });

  test('audits standard input: exit code 1 for what would be denied', () => {
    const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { hostNetwork: yes } }';
    expect(podwright(['audit', '-', ...policy], pod)).toMatchInlineSnapshot(`
      {
        "status": 1,
        "stderr": "",
        "stdout": "stdin:1 Pod web: denied
        enforce  1:63  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an
                       exemption) (no-host-network)

      1 subject: 1 denied; findings: 1 enforce
      Why and how: podwright explain no-host-network
      ",
      }
    `);
  });

  test('writes the formats that go to files, and says which it cannot write: exit code 2', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
    const report = path.join(folder, 'reports/podwright.json');
    const below = path.join(report, 'podwright.txt');
    const pod = '{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { hostNetwork: yes } }';
    const { status, stdout, stderr } = podwright(
      ['audit', '-', '-o', `json=${report}`, '-o', `text=${below}`, ...policy],
      pod,
    );
    expect([status, stdout, stderr.split(/(?<=txt): /)[0]]).toEqual([2, '', `cannot write ${below}`]);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ summary: { denied: 1 } });
    rmSync(folder, { recursive: true });
  });

  test('reports input that cannot be checked on standard error: exit code 2', () => {
    expect(podwright(['audit', '-f', '-', '-o', 'json', ...policy], 'a: [')).toMatchInlineSnapshot(`
      {
        "status": 2,
        "stderr": "stdin:1:5: cannot be parsed: unexpected end of the stream within a flow collection
      ",
        "stdout": "{
        "version": 1,
        "summary": {
          "subjects": 0,
          "denied": 0,
          "findings": {
            "enforce": 0,
            "warn": 0,
            "audit": 0
          },
          "fixed": 0,
          "exempt": 0,
          "skipped": 0
        },
        "subjects": [],
        "problems": [
          {
            "file": "-",
            "line": 1,
            "column": 5,
            "message": "cannot be parsed: unexpected end of the stream within a flow collection"
          }
        ]
      }
      ",
      }
    `);
  });

  test.each([
    [
      ['audit', '-o', 'xml', '.'],
      "error: option '-o, --output <format[=file]>' argument 'xml' is invalid. Allowed choices are text, json, yaml, sarif, junit, github, gitlab, markdown, html.",
    ],
    [
      ['audit', '-o', 'sarif=', '.'],
      "error: option '-o, --output <format[=file]>' argument 'sarif=' is invalid. Specify a file after sarif=.",
    ],
    [
      ['audit', '-o', 'json', '-o', 'sarif', '.'],
      "error: option '-o, --output <format[=file]>' argument 'sarif' is invalid. Standard output takes one format; write the other to a file: sarif=FILE.",
    ],
    [
      ['audit', '--kubernetes-version', '2.0', '.'],
      "error: option '--kubernetes-version <version>' argument '2.0' is invalid. It must be a version such as 1.36.",
    ],
    [['audti'], "error: unknown command 'audti'\n(Did you mean audit?)"],
    [['explain'], 'explain either a rule (podwright explain RULE) or an object (podwright explain -f PATH)'],
    [
      ['audit', '--cluster', 'web.yaml'],
      'error: paths and --cluster exclude each other: check either files or a cluster',
    ],
    [['audit', '--context', 'prod', '.'], 'error: --context needs --cluster'],
    [['audit', '--policy-namespace', 'system', '.'], 'error: --policy-namespace needs --cluster'],
    [['audit', '--include-excluded', '.'], 'error: --include-excluded needs --cluster'],
    [['preview', 'web.yaml'], "error: too many arguments for 'preview'. Expected 0 arguments but got 1: web.yaml."],
    [
      ['preview', '-o', 'sarif'],
      "error: option '-o, --output <format>' argument 'sarif' is invalid. Allowed choices are text, json, markdown, html.",
    ],
    [['preview', '--policy', 'gone.yaml'], 'no such policy file: gone.yaml'],
    [['policy', 'check'], "error: missing required argument 'path'"],
  ])('refuses %j with exit code 2', (args, message) => {
    expect(podwright(args)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
  });

  test('knows its version and the commands it has', () => {
    expect(podwright(['--version'])).toEqual({ status: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const { status, stdout } = podwright(['--help']);
    const commands = ['audit', 'preview', 'explain', 'rules', 'policy', 'init', 'serve', 'completion'];
    expect({ status, commands: commands.filter((name) => stdout.includes(`\n  ${name}`)) }).toEqual({
      status: 0,
      commands,
    });
  });

  test('prints the JSON Schema of policies', () => {
    expect(JSON.parse(podwright(['policy', 'schema']).stdout)).toMatchObject({ type: 'object' });
  });
});
