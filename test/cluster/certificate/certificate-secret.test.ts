import { expect, test } from 'vitest';
import { contentPatch, isOurs, noContent, readContent } from '../../../src/cluster/certificate/certificate-secret.ts';

const current = { cert: 'cert', key: 'key' };
const next = { cert: 'next cert', key: 'next key', ca: 'next ca' };
const full = { current, trusted: 'ca', next, publishedAt: Date.UTC(2026, 0, 2), isRotationWanted: true };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test('what is written is what is read', () => {
  const { data, annotations } = contentPatch(full);
  expect({ data, annotations }).toEqual({
    data: {
      'tls.crt': base64('cert'),
      'tls.key': base64('key'),
      'ca.crt': base64('ca'),
      'next-tls.crt': base64('next cert'),
      'next-tls.key': base64('next key'),
      'next-ca.crt': base64('next ca'),
    },
    annotations: { 'podwright.dev/phase': 'waiting', 'podwright.dev/published-at': '2026-01-02T00:00:00.000Z' },
  });
  const asked = { ...annotations, 'podwright.dev/rotate': '' } as Record<string, string>;
  expect(readContent({ data: data as Record<string, string>, metadata: { annotations: asked } })).toEqual(full);
});

test('what is over is removed', () => {
  expect(contentPatch({ ...noContent, current })).toEqual({
    data: {
      'tls.crt': base64('cert'),
      'tls.key': base64('key'),
      'ca.crt': null,
      'next-tls.crt': null,
      'next-tls.key': null,
      'next-ca.crt': null,
    },
    annotations: { 'podwright.dev/phase': 'current', 'podwright.dev/published-at': null, 'podwright.dev/rotate': null },
  });
});

test('half a pair, an odd time and an empty Secret are nothing', () => {
  const data = { 'tls.crt': base64('cert'), 'next-tls.key': base64('key') };
  const annotations = { 'podwright.dev/published-at': 'yesterday' };
  expect(readContent({ data, metadata: { annotations } })).toEqual(noContent);
  expect(readContent({})).toEqual(noContent);
});

test('only the label makes it ours', () => {
  const withLabel = (label: string, value: string) => isOurs({ metadata: { labels: { [label]: value } } });
  expect([
    withLabel('podwright.dev/managed-by', 'podwright'),
    withLabel('podwright.dev/managed-by', 'Helm'),
    withLabel('app.kubernetes.io/managed-by', 'podwright'),
    isOurs({}),
  ]).toEqual([true, false, false, false]);
});
