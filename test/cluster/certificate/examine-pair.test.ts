import { expect, test } from 'vitest';
import { readBundle, writeBundle } from '../../../src/cluster/certificate/authorities.ts';
import { examinePair, isAccepted } from '../../../src/cluster/certificate/examine-pair.ts';
import { issueCertificate } from '../../../src/server/certificate/issue-certificate.ts';

const hour = 3600_000;
const now = new Date();
const hosts = ['podwright.system.svc', '192.0.2.1'];
const order = { authority: 'podwright test', hosts, now, lifeMs: 10 * hour };
const [mine, other] = await Promise.all([issueCertificate(order), issueCertificate(order)]);
const expectation = { trusted: `${other.ca}${mine.ca}`, hosts, now: now.getTime() };
const [authority] = readBundle(mine.ca).authorities;
const fit = { authority: authority?.id, expires: authority?.expires, isFit: true, isForAllHosts: true };

test.each([
  ['in order', {}, {}, fit],
  ['the key of another', { key: other.key }, {}, { ...fit, isFit: false }],
  ['no authority', {}, { trusted: other.ca }, { ...fit, authority: '', isFit: false }],
  ['a damaged authority', {}, { trusted: mine.ca.slice(0, 200) }, { ...fit, authority: '', isFit: false }],
  ['a name that it lacks', {}, { hosts: ['podwright.elsewhere.svc'] }, { ...fit, isForAllHosts: false }],
  ['an address that it lacks', {}, { hosts: ['192.0.2.2'] }, { ...fit, isForAllHosts: false }],
  ['before it begins', {}, { now: now.getTime() - 2 * hour }, { ...fit, authority: '', isFit: false }],
  ['a clock that is behind', {}, { now: now.getTime() - hour / 2 }, fit],
  ['after it ends', {}, { now: now.getTime() + 11 * hour }, { ...fit, authority: '', isFit: false }],
  ['a damaged certificate', { cert: mine.cert.slice(0, 200) }, {}, undefined],
  ['a damaged key', { key: 'x' }, {}, undefined],
])('a pair with %s', (_what, pair, more, state) => {
  expect(examinePair({ ...mine, ...pair }, { ...expectation, ...more })).toEqual(state);
});

test.each([
  [{}, true],
  [{ trusted: other.ca }, false],
  [{ trusted: '' }, false],
  [{ hosts: ['podwright.elsewhere.svc'] }, false],
  [{ now: now.getTime() + 11 * hour }, false],
])('a client that expects %j accepts it: %s', (more, accepted) => {
  expect(isAccepted(mine.cert, { ...expectation, ...more })).toBe(accepted);
});

test('an issued certificate is for the names of the order alone', () => {
  expect(isAccepted(mine.cert, { ...expectation, hosts: ['localhost'] })).toBe(false);
});

test('a bundle is read and written, whatever stands between', () => {
  const { authorities, isPure } = readBundle(`${mine.ca}\n${other.ca}${mine.ca}`);
  expect([authorities.length, isPure, writeBundle(authorities)]).toEqual([3, true, `${mine.ca}${other.ca}`]);
  for (const text of [`# note\n${mine.ca}`, `${mine.ca}${other.ca.slice(0, 100)}`, 'x'])
    expect(readBundle(text).isPure).toBe(false);
  expect(readBundle('')).toEqual({ authorities: [], isPure: true });
});
