import { expect, test } from 'vitest';
import { hostOf, isLoopback } from '../../src/subject/local-host.ts';

test.each<[target: string, host: string]>([
  ['http://db:80/x', 'db'],
  ['https://user:p@ss@db/x@y', 'db'],
  ['db:5432', 'db'],
  ['db/health?to=a:b', 'db'],
  ['[::1]:80', '::1'],
  ['http://[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  [':50051', ''],
  ['/run/app.sock', ''],
  ['', ''],
])('%s is at %j', (target, host) => {
  expect(hostOf(target)).toBe(host);
});

test.each([
  'localhost',
  'LOCALHOST',
  'a.localhost',
  '127.0.0.1',
  '127.1',
  '0.0.0.0',
  '::1',
  '::',
  '/run',
  '',
  'localhost.',
])('%j is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['db', '10.0.0.1', '127.evil.com', 'localhost.evil.com', 'notlocalhost', '2001:db8::1'])(
  '%j is another',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
