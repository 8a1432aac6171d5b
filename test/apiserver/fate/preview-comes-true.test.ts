import { beforeAll, describe, expect, test, vi } from 'vitest';
import { kubectlIn, kubectlOf, wanted } from '../support/kubectl.ts';
import { pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { created, define, fixedIn, owned, podsNow, preview, stoppedNow, undefine } from './cluster.ts';
import { policy } from './policy.ts';
import { expectedOf, fixesOf, type PreviewedWorkload, titleIn, titleOf } from './previewed.ts';
import { namespaces, type Stored, type Workload, workloads } from './workloads.ts';

/** A CronJob has its turn within a minute. */
const patience = { timeout: 100_000, interval: 1_000 };

let previewed: ReadonlyMap<string, PreviewedWorkload>;
let pods: Awaited<ReturnType<typeof podsNow>>;
const objects = new Map<Workload, Stored>();

const appOf = ({ namespace, object }: Workload): string => `${namespace}/${object.metadata.name}`;
const previewOf = (workload: Workload): PreviewedWorkload => {
  const found = previewed.get(titleOf(workload));
  if (found === undefined) throw new Error(`preview does not know ${titleOf(workload)}`);
  return found;
};

/** How many Pods the workload has while all is allowed. */
function wantedPods({ object }: Workload): number {
  const { replicas = 1, suspend = false } = (object as { spec?: { replicas?: number; suspend?: boolean } }).spec ?? {};
  return suspend || object.kind === 'CronJob' ? 0 : replicas;
}

beforeAll(async () => {
  await Promise.all(namespaces.map((namespace) => kubectlIn(namespace)));
  const accounts = [
    ['fate-shop', 'agent'],
    ['fate-shop', 'basket-operator'],
    ['fate-operators', 'stock-operator'],
  ] as const;
  await Promise.all(accounts.map(([namespace, name]) => wanted(kubectlOf(namespace)('create', 'sa', name))));
  await define();
  const podwright = await startPodwright(policy);
  await Promise.all(
    workloads.map(async (workload) => {
      const object = await owned(workload);
      objects.set(workload, object);
      await kubectlOf(workload.namespace).create(object);
    }),
  );
  const wantedCounts = workloads.map((workload) => [appOf(workload), wantedPods(workload)]);
  await vi.waitFor(async () => {
    pods = await podsNow();
    expect(workloads.map((workload) => [appOf(workload), pods.get(appOf(workload))?.length ?? 0])).toEqual(
      wantedCounts,
    );
  }, patience);
  previewed = new Map((await preview()).map((workload) => [titleIn(workload), workload]));
  for (const namespace of namespaces) {
    const kubectl = kubectlOf(namespace);
    await wanted(kubectl('label', 'namespace', namespace, 'podwright.dev/mode=enforce'));
    const probe = pod('probe', { spec: { hostNetwork: true } });
    const isEnforced = async () => (await kubectl.send(probe, 'create', '--dry-run=server', '-f', '-')).code !== 0;
    await until(`${namespace} to be enforced`, isEnforced);
  }
  return async () => {
    await podwright.stop();
    await wanted(kubectlOf('default')('delete', 'namespace', ...namespaces, '--wait=false'));
    await undefine();
  };
});

test('preview shows each workload once, with its children and the number of its Pods', () => {
  const shown = workloads.map((workload) => {
    const { children, pods } = previewOf(workload);
    return [titleOf(workload), children, pods];
  });
  expect(shown).toEqual(
    workloads.map((workload) => {
      const { kind, metadata } = workload.object;
      return [
        titleOf(workload),
        workload.owner === undefined ? [] : [`${kind}/${metadata.name}`],
        wantedPods(workload),
      ];
    }),
  );
  expect([...previewed.keys()].toSorted()).toEqual(workloads.map(titleOf).toSorted());
});

test.each(workloads.map((workload) => [titleOf(workload), workload] as const))(
  'the creation of %s is answered as previewed',
  async (_, workload) => {
    const isPod = workload.object.kind === 'Pod';
    expect(await created(workload, objects.get(workload) as Stored)).toEqual(expectedOf(previewOf(workload), isPod));
  },
);

describe('when all Pods go and every CronJob has its turn', () => {
  const isScheduled = ({ object }: Workload): boolean =>
    object.kind === 'CronJob' && (object as { spec?: { suspend?: boolean } }).spec?.suspend !== true;
  const isKept = (workload: Workload): boolean =>
    workload.object.kind !== 'Pod' && (isScheduled(workload) || wantedPods(workload) > 0);

  test('those stop that preview says, and the Pods of the others are repaired as it says', async () => {
    const old = new Set([...pods.values()].flat().map(({ metadata }) => metadata.uid));
    for (const namespace of namespaces)
      await wanted(kubectlOf(namespace)('delete', 'pods', '--all', '--force', '--grace-period=0'));
    for (const { namespace, object } of workloads.filter(isScheduled))
      await wanted(
        kubectlOf(namespace)('patch', 'cronjob', object.metadata.name, '-p', '{"spec":{"schedule":"* * * * *"}}'),
      );
    const fates = async () => {
      const [all, stopped] = await Promise.all([podsNow(), stoppedNow()]);
      return workloads.map((workload) => {
        const own = (all.get(appOf(workload)) ?? []).filter(({ metadata }) => !old.has(metadata.uid));
        const repairs = [...new Set(own.map((each) => fixedIn(each).join()))];
        return { workload: titleOf(workload), stops: stopped.has(appOf(workload)), repairs };
      });
    };
    const expected = workloads.map((workload) => {
      const { stops } = previewOf(workload);
      const repairs = isKept(workload) && !stops ? [fixesOf(previewOf(workload)).join()] : [];
      return { workload: titleOf(workload), stops, repairs };
    });
    await vi.waitFor(async () => expect(await fates()).toEqual(expected), patience);
  });
});
