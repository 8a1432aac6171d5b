import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import type { TlsLimits } from '../../../src/server/tls-limits.ts';
import { replaceCredentials } from '../../../src/server/webhook/app.ts';
import { startApp, testCertificate } from '../support.ts';

/** The protocol and cipher suite that a client with this newest version agrees on, or the alert that it gets. */
async function handshake(port: number, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  const { ca } = await testCertificate();
  return new Promise((resolve) => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca,
      maxVersion,
      minVersion: maxVersion,
    });
    socket.on('secureConnect', () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

const oldSuite = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const newSuite = 'TLS_AES_256_GCM_SHA384';
const noVersion = 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION';

test.each<[TlsLimits, string, string]>([
  [
    { minVersion: '1.2', ciphers: [] },
    'TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    'TLSv1.3 TLS_AES_128_GCM_SHA256',
  ],
  [{ minVersion: '1.3', ciphers: [] }, noVersion, 'TLSv1.3 TLS_AES_128_GCM_SHA256'],
  [{ minVersion: '1.2', ciphers: [newSuite] }, noVersion, `TLSv1.3 ${newSuite}`],
  [{ minVersion: '1.2', ciphers: [oldSuite] }, `TLSv1.2 ${oldSuite}`, noVersion],
  [
    {
      minVersion: '1.2',
      ciphers: ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
    },
    'TLSv1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLSv1.3 TLS_CHACHA20_POLY1305_SHA256',
  ],
])('under %j clients of TLS 1.2 and 1.3 get %s and %s', async (limits, older, newer) => {
  const tls = { ...(await testCertificate()), limits };
  const { app, port } = await startApp({ tls });
  expect([await handshake(port, 'TLSv1.2'), await handshake(port, 'TLSv1.3')]).toEqual([older, newer]);
  // a renewed certificate keeps the limits
  replaceCredentials(app, tls);
  expect([await handshake(port, 'TLSv1.2'), await handshake(port, 'TLSv1.3')]).toEqual([older, newer]);
});
