import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { testCertificate } from '../../server/support.ts';
import { writeKubeconfig } from './fake-api.ts';

/** Answers as an API server over real HTTPS for the running test; gives the path of a kubeconfig for it. */
export async function startTlsApi(answer: RequestListener): Promise<string> {
  const { cert, key, ca } = await testCertificate();
  const server = createServer({ cert, key }, answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return writeKubeconfig(`https://127.0.0.1:${port}`, { ca });
}
