import { X509Certificate } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  checkKeyPair,
  openCertificateFiles,
  type ServingCertificate,
} from '../../../src/server/certificate/certificate.ts';
import type { KeyPair } from '../../../src/server/certificate/secure-options.ts';
import { makeSelfSigned } from '../../../src/server/certificate/self-signed.ts';
import { keptLog, testFolder, until } from '../support.ts';

const day = 24 * 3600_000;
const now = new Date();

test('a self-signed certificate is for this machine and the given names', async () => {
  const { cert, key, ca } = await makeSelfSigned(['host.docker.internal', '192.0.2.1'], now);
  const certificate = new X509Certificate(cert);
  const authority = new X509Certificate(ca);
  expect({
    names: certificate.subjectAltName,
    usage: certificate.keyUsage,
    isAuthority: [certificate.ca, authority.ca],
    isSigned: certificate.verify(authority.publicKey) && certificate.checkIssued(authority),
    curve: certificate.publicKey.asymmetricKeyDetails?.namedCurve,
    hasBegun: Math.round((now.getTime() - certificate.validFromDate.getTime()) / 1000),
    days: Math.round((certificate.validToDate.getTime() - now.getTime()) / day),
    hasKey: checkKeyPair({ cert, key }, now),
  }).toEqual({
    names:
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:host.docker.internal, IP Address:192.0.2.1',
    usage: ['1.3.6.1.5.5.7.3.1'],
    isAuthority: [false, true],
    isSigned: true,
    curve: 'prime256v1',
    hasBegun: expect.closeTo(3600, -1) as number,
    days: 365,
    hasKey: { certificate: { cert, key, expires: certificate.validToDate } },
  });
  expect(certificate.serialNumber).not.toBe(authority.serialNumber);
});

test('a pair is fit when both parse, belong together and are valid', async () => {
  const [pair, other] = await Promise.all([makeSelfSigned([], now), makeSelfSigned([], now)]);
  const problemOf = (changed: Partial<KeyPair>, at = now) => {
    const result = checkKeyPair({ ...pair, ...changed }, at);
    return 'problem' in result ? result.problem : undefined;
  };
  const expiry = new X509Certificate(pair.cert).validToDate;
  expect([
    problemOf({}),
    problemOf({ cert: pair.cert.slice(0, 200) }),
    problemOf({ key: '' }),
    problemOf({ key: other.key }),
    problemOf({ cert: `${pair.cert}${other.ca.slice(0, 200)}` }),
    problemOf({}, expiry),
  ]).toEqual([
    undefined,
    'the certificate is not in PEM format',
    'the private key is not in unencrypted PEM format',
    'the private key does not match the certificate',
    'the certificate, its chain or the private key is not accepted by OpenSSL',
    `the certificate expired at ${expiry.toISOString()}`,
  ]);
});

test('files are watched; invalid content is ignored and logged once', async () => {
  const folder = testFolder();
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  const write = ({ cert, key }: KeyPair): void => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };
  const [first, second, expired] = await Promise.all([
    makeSelfSigned([], now),
    makeSelfSigned([], now),
    makeSelfSigned([], new Date(now.getTime() - 400 * day)),
  ]);
  write(first);
  const { log, lines } = keptLog('info');
  const changes: ServingCertificate[] = [];
  const source = await openCertificateFiles(files, { log, pollMs: 20, onChange: (change) => changes.push(change) });
  onTestFinished(() => source.close());

  write(expired);
  await until(() => lines.length === 1);
  renameSync(files.keyFile, `${files.keyFile}.old`);
  await until(() => lines.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(lines.map(({ level, problem }) => [level, problem])).toEqual([
    ['warn', expect.stringContaining('the certificate expired at ')],
    ['warn', expect.stringContaining('tls.key cannot be read: ENOENT')],
  ]);
  expect([changes, source.certificate.cert]).toEqual([[], first.cert]);

  write(second);
  await until(() => changes.length === 1);
  expect([changes[0]?.cert, source.certificate.cert]).toEqual([second.cert, second.cert]);
});

test('without a valid pair the server does not start', async () => {
  const { log } = keptLog();
  const files = { certFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' };
  await expect(openCertificateFiles(files, { log, onChange: () => undefined })).rejects.toThrow(
    "/nowhere/tls.crt, /nowhere/tls.key: /nowhere/tls.crt cannot be read: ENOENT: no such file or directory, open '/nowhere/tls.",
  );
});
