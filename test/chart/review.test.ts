import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chart } from './support/helm.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'podwright-review-'));
const authority = join(folder, 'ca.crt');
const name = 'podwright.podwright-system.svc';
const stops: (() => Promise<unknown>)[] = [];
let port = '';

beforeAll(async () => {
  port = await serve(`--self-signed-ca=${authority}`);
}, 30_000);
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  rmSync(folder, { recursive: true });
});

/** Starts the server; gives its port. */
async function serve(...flags: string[]): Promise<string> {
  const ports = ['--port=0', '--monitoring-port=0', '--host=127.0.0.1', '--shutdown-delay=0'];
  const server = spawn(execPath, [main, 'serve', ...ports, `--self-signed-host=${name}`, ...flags]);
  stops.push(() => {
    server.kill();
    return once(server, 'exit');
  });
  for await (const line of createInterface(server.stdout)) {
    const { msg, admission } = JSON.parse(line) as { msg: string; admission: string };
    if (msg === 'serving') return new URL(admission).port;
  }
  throw new Error('podwright serve ended');
}

/** What the test Pod of the chart would end with. */
async function review(env: Readonly<Record<string, string>>) {
  const script = join(chart, 'files/review.mjs');
  const defaults = {
    HOST: '127.0.0.1',
    PORT: port,
    SERVER_NAME: name,
    CA_FILE: authority,
    EXPECTED: 'deny',
    PATIENCE: '0',
  };
  const failed = ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout });
  return promisify(execFile)(execPath, [script], { env: { ...defaults, ...env } }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    failed,
  );
}

test('the verdict is as it should be', async () => {
  const stdout = `${name} answers; its verdict on a privileged Pod is deny\n`;
  expect(await review({})).toEqual({ code: 0, stdout });
});

test('the verdict is not as it should be', async () => {
  const stdout = `${name} at 127.0.0.1:${port}: the verdict on a privileged Pod is deny, not audit_deny\n`;
  expect(await review({ EXPECTED: 'audit_deny' })).toEqual({ code: 1, stdout });
});

test('the certificate is for another name', async () => {
  const { code, stdout } = await review({ SERVER_NAME: 'other.svc' });
  expect([code, stdout]).toEqual([1, expect.stringContaining("Host: other.svc. is not in the cert's altnames")]);
});

test('the certificate is of another authority', async () => {
  const { code, stdout } = await review({ CA_FILE: join(folder, 'missing.crt') });
  expect([code, stdout]).toEqual([1, expect.stringContaining('it cannot be called: ')]);
});

test('a caller without a client certificate is refused where one is needed', { timeout: 30_000 }, async () => {
  const ownAuthority = join(folder, 'own-ca.crt');
  const guarded = await serve(`--self-signed-ca=${ownAuthority}`, `--client-ca=${authority}`);
  expect(await review({ PORT: guarded, CA_FILE: ownAuthority, IS_STRANGER: 'true' })).toEqual({
    code: 0,
    stdout: `${name} answers; it rejects callers without a client certificate\n`,
  });
  expect(await review({ IS_STRANGER: 'true' })).toEqual({
    code: 1,
    stdout: `${name} at 127.0.0.1:${port}: a caller without a client certificate is not rejected, but: 400\n`,
  });
});
