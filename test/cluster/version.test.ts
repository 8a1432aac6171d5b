import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../src/cluster/api/api-client.ts';
import { watchClusterVersion } from '../../src/cluster/version.ts';
import { keptLog, until } from '../server/support.ts';
import { startTlsApi } from './support/tls-api.ts';

/** An API server that knows nothing but its version, and a kubeconfig for it. */
const startServer = (answer: (response: ServerResponse) => void): Promise<string> =>
  startTlsApi((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/version') answer(response);
    else response.writeHead(404).end();
  });

const versionText = (minor: string): string => JSON.stringify({ major: '1', minor, gitVersion: `v1.${minor}.0` });
const timing = { everyMs: 20, firstMs: 5, longestMs: 20, answerMs: 300 };

test('the minor version is unknown at first, then the one that the server has now', async () => {
  let minor = '35';
  const kubeconfig = await startServer((response) => response.end(versionText(minor)));
  const { log, lines } = keptLog('info');
  const version = watchClusterVersion(openApiClient({ kubeconfig }), log, timing);
  onTestFinished(() => version.close());
  expect(version.minor).toBeUndefined();
  await until(() => version.minor === 35);
  minor = '36+';
  await until(() => version.minor === 36);
  expect(lines.map(({ level, minor }) => [level, minor])).toEqual([
    ['info', 35],
    ['info', 36],
  ]);
});

test('failures are tried again and logged once a minute; what is known stays', async () => {
  let calls = 0;
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => response.end(versionText('34')),
    (response) => response.writeHead(500).end('{}'),
    (response) => response.end(JSON.stringify({ major: '2', minor: 'x' })),
    () => undefined,
    (response) => response.end(versionText('35')),
  ];
  const seen: (number | undefined)[] = [];
  const kubeconfig = await startServer((response) => {
    seen.push(version.minor);
    const answer = answers[Math.min(calls++, answers.length - 1)];
    answer?.(response);
  });
  const { log, lines } = keptLog('warn');
  const version = watchClusterVersion(openApiClient({ kubeconfig }), log, timing);
  onTestFinished(() => version.close());
  await until(() => version.minor === 35);
  expect(seen.slice(0, 5)).toEqual([undefined, 34, 34, 34, 34]);
  expect(lines.map(({ msg }) => msg)).toEqual(['cannot read the Kubernetes version of the cluster; retrying']);
});

test('a kubeconfig that is not there is a failure like others', async () => {
  const { log, lines } = keptLog('warn');
  const version = watchClusterVersion(openApiClient({ kubeconfig: '/nowhere/kubeconfig' }), log, timing);
  onTestFinished(() => version.close());
  await until(() => lines.length === 1);
  expect(version.minor).toBeUndefined();
});
