import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { type PolicyReading, policyKey, policyVersionOf } from '../../admission/policy-edit.ts';
import type { Clock, WatchedObject } from '../../cluster/api/index.ts';
import type { PolicyNames, ReadPolicy } from '../../cluster/policy/index.ts';
import { policyChanges, summaryOf } from '../../engine/policy-changes.ts';
import { version } from '../../version.ts';
import type { ElectingCluster } from '../certificate/index.ts';
import type { FiledPolicy } from './policy-file.ts';
import type { FoundPolicy, LoadPolicy, PolicyPlace } from './policy-in-force.ts';

/** Where the policy is stored, and where Events about it go. */
export interface PolicyConfigMapOptions {
  readonly name: string;
  /** The Deployment of this replica, for Events. */
  readonly deployment?: string | undefined;
}

export interface ClusterPolicy {
  close(): Promise<void>;
}

const changesRoom = 800;
/** Helm deletes and recreates the ConfigMap to replace an edit, or to roll back. */
export const absentMs = 5_000;

/**
 * Puts the policy of the ConfigMap into force as soon as it changes. Once the ConfigMap has been read, the file is no longer
 * watched: it is a mount of the same ConfigMap, and may be a minute behind. While this replica leads, it keeps the last
 * valid policy in the cluster and reports changes in Events.
 */
export async function openClusterPolicy(
  { name, deployment }: PolicyConfigMapOptions,
  filed: FiledPolicy,
  options: {
    readonly cluster: Pick<ElectingCluster, 'client' | 'namespace' | 'election' | 'metrics'>;
    readonly load: LoadPolicy;
    readonly log: Logger;
    readonly clock?: Clock | undefined;
  },
): Promise<ClusterPolicy> {
  const { cluster, load, log } = options;
  const { client, namespace, election, metrics } = cluster;
  const [{ keepPolicy, watchPolicyConfigMap }, { systemClock }] = await Promise.all([
    import('../../cluster/policy/index.ts'),
    import('../../cluster/api/index.ts'),
  ]);
  const clock = options.clock ?? systemClock;
  const closing = new AbortController();
  const names: PolicyNames = { namespace, configMap: name, deployment };
  const place: PolicyPlace = {
    name: `ConfigMap ${namespace}/${name} ${policyKey}`,
    about: { configMap: `${namespace}/${name}` },
  };
  let read: ReadPolicy | undefined;

  metrics.follows('configmaps');
  const watched = watchPolicyConfigMap(names, { client, metrics, log, onChange: () => void look() });

  async function look(): Promise<void> {
    const taken = await takeWatched(watched, { filed, place, clock, signal: closing.signal });
    if (taken === undefined) return;
    read = taken;
    keeper.wake();
  }
  const keeper = keepPolicy({
    client,
    names,
    election,
    read: () => (read === undefined || isForOther(read) ? undefined : read),
    changesSince: (text) => changesSince(text, load, filed),
    log,
    clock,
  });
  return {
    async close() {
      closing.abort();
      watched.close();
      await keeper.close();
    },
  };
}

/** Puts the policy of the ConfigMap into force; undefined if the ConfigMap is unknown or has changed meanwhile. */
async function takeWatched(
  watched: Pick<WatchedObject<V1ConfigMap>, 'state'>,
  options: {
    readonly filed: FiledPolicy;
    readonly place: PolicyPlace;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<ReadPolicy | undefined> {
  const { filed, place, clock, signal } = options;
  const { state } = watched;
  if (state === 'unread' || state === 'unreadable') return undefined;
  filed.close();
  if (state === 'absent') await clock.pause(absentMs, signal);
  if (watched.state !== state || signal.aborted) return undefined;
  const configMap = state === 'absent' ? undefined : state;
  const found = foundIn(configMap);
  const reading = await filed.take(place, found);
  if (watched.state !== state) return undefined;
  return { configMap, found: asRead(found, reading, filed.policy.hash) };
}

function foundIn(configMap: V1ConfigMap | undefined): FoundPolicy {
  if (configMap === undefined)
    return { problem: 'the ConfigMap was deleted; create it again, for example with helm upgrade' };
  const text = configMap.data?.[policyKey];
  return text === undefined ? { problem: 'the ConfigMap has no such key' } : { text };
}

function asRead(found: FoundPolicy, reading: PolicyReading, inForce: string): ReadPolicy['found'] {
  if ('problems' in reading) return { problems: reading.problems, inForce };
  return { text: 'text' in found ? found.text : '', hash: reading.policy.hash };
}

async function changesSince(text: string, load: LoadPolicy, filed: FiledPolicy): Promise<string> {
  const before = await load(text);
  if (!('policy' in before)) return '';
  return summaryOf(policyChanges(before.policy, filed.policy, Date.now()), changesRoom);
}

/** During an upgrade, the policy may already be for the next version. */
function isForOther({ configMap, found }: ReadPolicy): boolean {
  const madeFor = policyVersionOf(configMap);
  return 'problems' in found && madeFor !== undefined && madeFor !== version;
}
