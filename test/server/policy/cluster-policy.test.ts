import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../../src/cluster/api/api-client.ts';
import { repeatMs } from '../../../src/cluster/policy/keep-policy.ts';
import { loadPolicy } from '../../../src/policy/load.ts';
import { rules } from '../../../src/rules/index.ts';
import { absentMs, openClusterPolicy } from '../../../src/server/policy/cluster-policy.ts';
import { openPolicyFile } from '../../../src/server/policy/policy-file.ts';
import { version } from '../../../src/version.ts';
import { startTime } from '../../cluster/support/fake-clock.ts';
import { openStore, type Way } from '../../cluster/support/fake-store.ts';
import { keptLog, testFolder, testMetrics, until } from '../support.ts';

const load = (text: string) => loadPolicy(text, rules);
const textOf = (mode: string, more = '') =>
  `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: none\nmode: ${mode}\n${more}`;
const wrong = textOf('warn', 'controlers: warn\n');
const configMaps = '/api/v1/namespaces/podwright-system/configmaps';
const path = `${configMaps}/podwright-policy`;
const keptPath = `${path}-last-valid`;
const hashOf = async (text: string): Promise<string> => {
  const loaded = await load(text);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy.hash;
};

interface StoredEvent {
  readonly metadata: { readonly name: string };
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** A replica whose mounted file holds a text, on a cluster that holds another. */
async function openReplica(mounted: string, { isLeader = true, way = {} }: { isLeader?: boolean; way?: Way } = {}) {
  const store = openStore();
  const file = join(testFolder(), 'policy.yaml');
  writeFileSync(file, mounted);
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const filed = await openPolicyFile(file, { load, log, metrics, pollMs: 50 });
  const time = startTime();
  const election = { isLeader, gain: (): void => undefined };
  const put = (text: string | undefined, labels = {}): void =>
    store.put(path, {
      metadata: { uid: 'uid-policy', labels },
      ...(text !== undefined && { data: { 'policy.yaml': text } }),
    });
  store.put('/apis/apps/v1/namespaces/podwright-system/deployments/podwright', {
    metadata: { namespace: 'podwright-system', uid: 'uid-deployment' },
  });
  async function follow(): Promise<void> {
    const cluster = {
      client: store.client(way),
      namespace: 'podwright-system',
      election: {
        get isLeader() {
          return election.isLeader;
        },
        onGain: (listener: () => void) => void (election.gain = listener),
        close: () => Promise.resolve(),
      },
      metrics: {
        heard: () => undefined,
        restarted: () => undefined,
        follows: () => undefined,
      },
    };
    const options = { name: 'podwright-policy', deployment: 'podwright' };
    const followed = await openClusterPolicy(options, filed, {
      cluster: cluster as never,
      load,
      log,
      clock: time.machine(),
    });
    onTestFinished(() => followed.close());
  }
  onTestFinished(() => filed.close());
  /** The Events so far, as the API server has them: of one name there is one. */
  const events = (): string[] => {
    const told = store.calls.filter(({ method, path: at }) => method === 'POST' && at.endsWith('/events'));
    const byName = new Map(told.map(({ body }) => [(body as StoredEvent).metadata.name, body as StoredEvent]));
    return [...byName.values()].map(
      ({ involvedObject: object, type, reason, message }) =>
        `${object.kind} ${object.name} ${object.uid}: ${type} ${reason} ${message}`,
    );
  };
  const kept = (): string | undefined =>
    store.get<{ data?: Record<string, string> }>(keptPath)?.data?.['last-valid.yaml'];
  return { store, put, follow, file, filed, lines, valueOf, time, election, events, kept };
}

test('a change is in force as soon as the watch reports it, and the file is no longer watched', async () => {
  const { put, follow, filed, file, lines, events, kept, valueOf } = await openReplica(textOf('audit'));
  put(textOf('audit'));
  await follow();
  await until(() => kept() === textOf('audit'));
  expect(lines).toEqual([]);
  const namespaces = 'namespaces:\n- match: { names: [shop] }\n  mode: enforce\n';
  put(textOf('warn', namespaces));
  await until(() => kept() === textOf('warn', namespaces));
  const [first, second] = [await hashOf(textOf('audit')), await hashOf(textOf('warn', namespaces))];
  expect(filed.policy.hash).toBe(second);
  expect(await valueOf(`policy_info{hash="${second}",mode="warn"}`)).toBe(1);
  expect(events()).toEqual([
    `ConfigMap podwright-policy uid-policy: Normal PolicyInForce policy ${first} is in force`,
    `ConfigMap podwright-policy uid-policy: Normal PolicyInForce policy ${second} is in force: mode audit -> warn; namespaces shop added (mode enforce)`,
  ]);
  expect(lines).toMatchObject([
    {
      level: 'info',
      msg: 'a new policy is in force',
      configMap: 'podwright-system/podwright-policy',
      policy: second,
      changes: ['mode audit -> warn', 'namespaces shop added (mode enforce)'],
    },
  ]);
  writeFileSync(file, textOf('off'));
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(filed.policy.hash).toBe(second);
});

test('an invalid policy leaves the last valid one in force and stored, and Events report it until it is fixed', async () => {
  const { put, follow, filed, time, events, kept, lines, valueOf } = await openReplica(textOf('audit'));
  put(textOf('audit'));
  await follow();
  await until(() => kept() === textOf('audit'));
  put(wrong);
  await until(() => events().length === 3);
  const hash = await hashOf(textOf('audit'));
  const told = `Warning PolicyInvalid there is no valid policy, so the last valid one (${hash}) stays in force: ConfigMap podwright-system/podwright-policy policy.yaml:5:1: controlers: unknown key; did you mean "controllers"?`;
  const invalid = [`ConfigMap podwright-policy uid-policy: ${told}`, `Deployment podwright uid-deployment: ${told}`];
  expect(events().slice(1)).toEqual(invalid);
  expect([filed.policy.hash, kept(), await valueOf('policy_last_reload_successful')]).toEqual([
    hash,
    textOf('audit'),
    0,
  ]);
  expect(lines).toMatchObject([
    { level: 'error', msg: 'the policy file is invalid; the last valid policy stays in force' },
  ]);
  // Events of half an hour have the same names, so that another leader does not repeat them
  await time.advance(repeatMs - (time.machine().date() % repeatMs) + 60_000);
  expect(events().slice(3)).toEqual(invalid);
  put(textOf('warn'));
  await until(() => kept() === textOf('warn'));
  expect(events().at(-1)).toContain('is in force: mode audit -> warn');
});

test('the same change made again is reported again', async () => {
  const { put, follow, events, kept } = await openReplica(textOf('audit'));
  for (const [round, mode] of ['audit', 'warn', 'audit', 'warn'].entries()) {
    put(textOf(mode));
    if (round === 0) await follow();
    await until(() => kept() === textOf(mode));
  }
  expect(events().map((event) => event.slice(event.indexOf('is in force')))).toEqual([
    'is in force',
    'is in force: mode audit -> warn',
    'is in force: mode warn -> audit',
    'is in force: mode audit -> warn',
  ]);
});

test('a ConfigMap without the key, or that is deleted, leaves the last valid policy in force', async () => {
  const { put, follow, filed, store, events, kept, time } = await openReplica(textOf('audit'));
  put(textOf('audit'));
  await follow();
  await until(() => kept() === textOf('audit'));
  put(undefined);
  await until(() => events().length === 3);
  store.remove(path);
  await until(async () => {
    await time.advance(absentMs);
    return events().length === 4;
  });
  expect(
    events()
      .slice(2)
      .map((event) => event.replace(/ \(\w+\)/, '')),
  ).toEqual([
    'Deployment podwright uid-deployment: Warning PolicyInvalid there is no valid policy, so the last valid one stays in force: ConfigMap podwright-system/podwright-policy policy.yaml: the ConfigMap has no such key',
    'Deployment podwright uid-deployment: Warning PolicyInvalid there is no valid policy, so the last valid one stays in force: ConfigMap podwright-system/podwright-policy policy.yaml: the ConfigMap was deleted; create it again, for example with helm upgrade',
  ]);
  expect(filed.policy.mode).toBe('audit');
});

test('a ConfigMap that is recreated at once, as Helm does it, is not reported', async () => {
  const { put, follow, store, lines, events, kept, time } = await openReplica(textOf('audit'));
  put(textOf('audit'));
  await follow();
  await until(() => kept() === textOf('audit'));
  store.remove(path);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await time.advance(absentMs / 2);
  put(textOf('warn'));
  await until(() => kept() === textOf('warn'));
  await time.advance(absentMs);
  expect(events().map((event) => event.split(' ')[4])).toEqual(['PolicyInForce', 'PolicyInForce']);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('only the leader writes, and a new leader catches up', async () => {
  const { put, follow, store, filed, election, events, kept } = await openReplica(textOf('audit'), { isLeader: false });
  put(textOf('warn'));
  await follow();
  await until(() => filed.policy.mode === 'warn');
  expect(store.writes()).toEqual([]);
  election.isLeader = true;
  election.gain();
  await until(() => kept() === textOf('warn'));
  expect(events()).toEqual([
    `ConfigMap podwright-policy uid-policy: Normal PolicyInForce policy ${filed.policy.hash} is in force`,
  ]);
});

test('a policy for another version is not reported in Events', async () => {
  const { put, follow, store, lines, time } = await openReplica(textOf('audit'));
  put(wrong, { 'app.kubernetes.io/version': '99.0.0' });
  await follow();
  await until(() => lines.some(({ level }) => level === 'error'));
  await time.advance(120_000);
  expect(store.writes()).toEqual([]);
  put(wrong, { 'app.kubernetes.io/version': version });
  await until(() => store.writes().length === 2);
});

test('without permission to read the ConfigMap, the file is watched', async () => {
  const way: Way = {
    there({ path: at }) {
      if (at === configMaps) throw new ApiError('configmaps is forbidden', { status: 403 });
    },
  };
  const { follow, filed, file, lines } = await openReplica(textOf('audit'), { way });
  await follow();
  await until(() => lines.some(({ level }) => level === 'warn'));
  writeFileSync(file, textOf('warn'));
  await until(() => filed.policy.mode === 'warn');
  expect(lines[0]).toMatchObject({
    msg: 'configmaps may not be read, so only the mounted policy file is watched, which may be a minute behind; retrying',
  });
});

test('without permission to create Events, the last valid policy is still written', async () => {
  const way: Way = {
    there({ path: at }) {
      if (at.endsWith('/events')) throw new ApiError('events is forbidden', { status: 403 });
    },
  };
  const { put, follow, kept, lines } = await openReplica(textOf('audit'), { way });
  put(textOf('audit'));
  await follow();
  await until(() => kept() === textOf('audit'));
  expect(lines).toMatchObject([
    {
      level: 'warn',
      msg: 'policy changes are not reported in Events, because creating them is forbidden',
      problem: 'events is forbidden',
    },
  ]);
});
