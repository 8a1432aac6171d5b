import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { AdmissionReview } from '../../src/admission/review.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { readTeamExemptions } from '../../src/policy/team-exemptions.ts';
import { rules } from '../../src/rules/index.ts';
import { serve } from '../../src/server/serve.ts';
import { badPod, keptLog, policyOf, reviewText, testClient, testFolder, testMetrics, until } from './support.ts';

/** Denies the host network, wherever a Pod comes from. */
const network = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  no-host-network: { mode: enforce }
`;
/** Denies a Pod without limit in the shop, and holds the host network against nobody. */
const limits = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: audit
rules:
  no-host-network: { mode: enforce }
  require-memory-limit: { mode: enforce }
namespaces:
- match: { names: [shop] }
  mode: enforce
exemptions:
- { name: agents, rules: [no-host-network], match: { namespaces: [shop] }, reason: node agents, owner: team-shop }
`;
const load = (text: string) => loadPolicy(text, rules);
const readExemptions = (text: string) => readTeamExemptions(text, rules);

/** What each policy makes of the bad Pod: the rules that deny it. */
const denials = { [await hashOf(network)]: 'no-host-network', [await hashOf(limits)]: 'require-memory-limit' };

async function hashOf(text: string): Promise<string> {
  const loaded = await load(text);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy.hash;
}

/** A server under a policy file, asked about the bad Pod all the time over several connections. */
async function serveUnderLoad(policyFile: string) {
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const caFile = join(testFolder(), 'ca.pem');
  const serving = await serve(
    {
      host: '127.0.0.1',
      port: 0,
      monitoringPort: 0,
      certificate: { hosts: [], caFile },
      logLevel: 'info',
      shutdownDelaySeconds: 0,
      policyFile,
    },
    { decide, load, readExemptions, builtInPolicy: policyOf('enforce'), metrics, log },
  );
  onTestFinished(() => serving.stop());
  const client = testClient(Number(new URL(serving.admission).port), readFileSync(caFile, 'utf8'));
  const answers = new Map<string, string>();
  let isAsking = true;
  const ask = async (line: number): Promise<void> => {
    for (let count = 0; isAsking; count++) {
      const uid = `${line}-${count}`;
      const { text } = await client.post('/validate', reviewText(badPod, { uid }));
      const { response } = JSON.parse(text) as AdmissionReview;
      answers.set(uid, (response.status?.details?.causes ?? []).map(({ reason }) => reason).join());
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, (_, line) => ask(line)));
  /** Per policy how many were decided under it, after what was answered has been held against what was logged. */
  async function tally(): Promise<Record<string, number>> {
    isAsking = false;
    await asking;
    const decisions = lines.filter(({ event }) => event === 'admission');
    expect(decisions.length).toBe(answers.size);
    for (const { uid, policy } of decisions) expect(answers.get(String(uid))).toBe(denials[String(policy)]);
    const byDenial = Map.groupBy(decisions, ({ policy }) => denials[String(policy)] ?? 'another');
    return Object.fromEntries([...byDenial].map(([rule, found]) => [rule, found.length]));
  }
  const decided = (): number => answers.size;
  const inForce = () => denials[String(lines.findLast(({ event }) => event === 'admission')?.['policy'])];
  return { lines, valueOf, tally, decided, inForce };
}

/** A folder as the kubelet mounts a ConfigMap: the files are links through `..data`, which is moved as a whole. */
function mountedConfigMap(text: string) {
  const folder = testFolder();
  let version = 0;
  const replace = (next: string): void => {
    const earlier = `..${version++}`;
    mkdirSync(join(folder, `..${version}`));
    writeFileSync(join(folder, `..${version}`, 'policy.yaml'), next);
    symlinkSync(`..${version}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    rmSync(join(folder, earlier), { recursive: true, force: true });
  };
  replace(text);
  symlinkSync('..data/policy.yaml', join(folder, 'policy.yaml'));
  return { file: join(folder, 'policy.yaml'), replace };
}

test('while a mounted policy changes, each request is evaluated under either policy, as its log shows', async () => {
  const { file, replace } = mountedConfigMap(network);
  const { tally, inForce, decided, lines, valueOf } = await serveUnderLoad(file);
  for (const next of [limits, network, limits]) {
    const before = decided();
    await until(() => decided() > before + 50);
    replace(next);
    const expected = denials[await hashOf(next)];
    await until(() => inForce() === expected);
  }
  const counts = await tally();
  expect(Object.keys(counts).toSorted()).toEqual(['no-host-network', 'require-memory-limit']);
  // of the 50 that are awaited under each policy, up to 8 may have been under way before
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(40);
  expect(lines.filter(({ msg }) => msg === 'a new policy is in force').length).toBe(3);
  expect(await valueOf('policy_reloads_total{result="success"}')).toBe(4);
});

test('a file that is written piece by piece takes effect once, when it is whole', async () => {
  const file = join(testFolder(), 'policy.yaml');
  writeFileSync(file, network);
  const { tally, inForce, lines, valueOf } = await serveUnderLoad(file);
  await until(() => inForce() === 'no-host-network');
  const pieces = limits.split(/(?<=\n)/);
  writeFileSync(file, '');
  for (const piece of pieces) {
    appendFileSync(file, piece);
    await setImmediate();
  }
  await until(() => inForce() === 'require-memory-limit');
  expect(Object.keys(await tally()).toSorted()).toEqual(['no-host-network', 'require-memory-limit']);
  expect(lines.filter(({ msg }) => msg === 'a new policy is in force').length).toBe(1);
  expect(await valueOf('policy_reloads_total{result="failure"}')).toBe(0);
});

test('every problem of a bad file is logged, and requests go on under the last good policy', async () => {
  const { file, replace } = mountedConfigMap(network);
  const { tally, inForce, decided, lines, valueOf } = await serveUnderLoad(file);
  replace(`
apiVersion: podwright.dev/v1alpha1
kind: Policy
mode: stern
rules:
  no-host-netwrok: { mode: enforce }
  pre-stop-sleep: { options: { seconds: ten } }
namespaces:
- match: { names: [shop] }
  fixes: maybe
exemptions:
- name: agents
  rules: [no-host-network]
  match: { namespace: [shop] }
  owner: team-shop
  expires: 2027-02-30
`);
  await until(async () => (await valueOf('policy_reloads_total{result="failure"}')) === 1);
  const before = decided();
  await until(() => decided() > before + 50);
  expect(inForce()).toBe('no-host-network');
  expect(await valueOf('policy_last_reload_successful')).toBe(0);
  const { problems } = lines.find(({ level }) => level === 'error') ?? {};
  expect((problems as string[]).map((problem) => problem.replace(file, 'policy.yaml'))).toMatchInlineSnapshot(`
    [
      "policy.yaml:4:1: mode: must be one of off, audit, warn, enforce, not "stern"",
      "policy.yaml:6:3: rules.no-host-netwrok: there is no such rule; did you mean "no-host-network"?",
      "policy.yaml:7:32: rules.pre-stop-sleep.options.seconds: must be an integer from 1 to 300, not "ten"",
      "policy.yaml:10:3: namespaces[0].fixes: must be true or false, not "maybe"",
      "policy.yaml:12:3: exemptions[0].reason: is missing; explain why this is justified",
      "policy.yaml:14:12: exemptions[0].match.namespace: unknown key; did you mean "namespaces"?",
      "policy.yaml:16:3: exemptions[0].expires: must be a date, like 2027-03-31, not "2027-02-30"",
    ]
  `);
  replace(limits);
  await until(() => inForce() === 'require-memory-limit');
  expect(await valueOf('policy_last_reload_successful')).toBe(1);
  expect(Object.keys(await tally()).toSorted()).toEqual(['no-host-network', 'require-memory-limit']);
});
