import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import type { Exemption } from '../../../src/engine/exemption.ts';
import type { Policy } from '../../../src/engine/policy.ts';
import { watchExemptions } from '../../../src/server/policy/exemption-expiry.ts';
import { onlyRules } from '../../support/policies.ts';
import { keptLog } from '../support.ts';

const day = 24 * 3600_000;
const end = Date.UTC(2027, 3, 1);

const exemption = (name: string, more: Partial<Exemption> = {}): Exemption => ({
  name,
  rules: ['no-host-network'],
  match: { namespaces: ['kube-system'] },
  reason: 'programs the network',
  owner: 'team-platform',
  ...more,
});

const policyWith = (...exemptions: Exemption[]): Policy => onlyRules([], { exemptions });

async function watched(first: Policy) {
  const { log, lines } = keptLog();
  const registry = new Registry();
  let policy = first;
  let now = 0;
  const watch = watchExemptions(() => policy, { registry, log, now: () => now, everyMs: 5 });
  onTestFinished(() => watch.close());
  return {
    said: () => lines.map(({ level, msg, exemption: name, owner, expires }) => ({ level, msg, name, owner, expires })),
    is: (at: number) => void (now = at),
    become: (next: Policy) => void (policy = next),
    gauge: async () =>
      (await registry.metrics()).split('\n').filter((line) => line.startsWith('podwright_exemption_expiry')),
  };
}

test('reminds 14 and 3 days before an exemption ends and when it has, once each', async () => {
  const dated = exemption('cni', { expires: '2027-03-31', expiresAt: end });
  const { said, is } = await watched(policyWith(dated, exemption('for-ever')));
  const about = { name: 'cni', owner: 'team-platform', expires: '2027-03-31' };
  const warning = (days: number) => ({
    level: 'warn',
    msg: `an exemption expires within ${days} days; extend it or repair the workloads it covers`,
    ...about,
  });
  is(end - 14 * day - 1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(said()).toEqual([]);
  is(end - 14 * day);
  await expect.poll(() => said().length).toBe(1);
  is(end - 3 * day);
  await expect.poll(() => said().length).toBe(2);
  is(end);
  await expect.poll(() => said().length).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const ended = { level: 'error', msg: 'an exemption has expired and no longer applies', ...about };
  expect(said()).toEqual([warning(14), warning(3), ended]);
});

test('measures what the policy in force says', async () => {
  const dated = exemption('cni', { expires: '2027-03-31', expiresAt: end });
  const { gauge, become } = await watched(policyWith(dated, exemption('for-ever')));
  expect(await gauge()).toEqual([`podwright_exemption_expiry_timestamp_seconds{exemption="cni"} ${end / 1000}`]);
  become(policyWith(exemption('for-ever')));
  expect(await gauge()).toEqual([]);
});

test('reloads an extended exemption', async () => {
  const dated = exemption('cni', { expires: '2027-03-31', expiresAt: end });
  const { said, is, become } = await watched(policyWith(dated));
  is(end - day);
  await expect.poll(() => said().length).toBe(1);
  become(policyWith({ ...dated, expires: '2027-04-07', expiresAt: end + 7 * day }));
  await expect.poll(() => said().length).toBe(2);
  expect(said().map(({ msg, expires }) => [expires, msg])).toEqual([
    ['2027-03-31', 'an exemption expires within 3 days; extend it or repair the workloads it covers'],
    ['2027-04-07', 'an exemption expires within 14 days; extend it or repair the workloads it covers'],
  ]);
});
