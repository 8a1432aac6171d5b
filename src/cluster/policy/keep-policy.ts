import type { V1ConfigMap, V1ObjectMeta } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { minuteMs } from '../../time-units.ts';
import {
  type ApiClient,
  type Backoff,
  type Clock,
  onceAMinute,
  openRetries,
  statusOf,
  systemClock,
  unlessRejected,
} from '../api/index.ts';
import { type EventObject, type News, sendEvent } from '../events/index.ts';
import type { Election } from '../lease.ts';
import { openRounds, type Pause, type Rounds } from '../rounds.ts';
import { type PolicyNames, readLastValid, writeLastValid } from './policy-config-map.ts';

/** The policy as this replica last read it from the cluster. */
export interface ReadPolicy {
  /** Undefined if it was deleted. */
  readonly configMap: V1ConfigMap | undefined;
  readonly found:
    | { readonly text: string; readonly hash: string }
    | { readonly problems: readonly string[]; readonly inForce: string };
}

interface PolicyKeeperOptions {
  readonly client: ApiClient;
  readonly names: PolicyNames;
  readonly election: Election;
  /** Undefined until the ConfigMap is read, and if it is for another version. */
  readonly read: () => ReadPolicy | undefined;
  /** How the policy in force differs from the one in a text, on one line; empty if it does not. */
  readonly changesSince: (text: string) => Promise<string>;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
  readonly backoff?: Backoff | undefined;
}

const checkMs = minuteMs;
/** Clusters keep Events for an hour by default, so a problem that lasts is reported again in time. */
export const repeatMs = 30 * minuteMs;
const usualBackoff = { firstMs: 1_000, longestMs: 30_000 };

/** While this replica leads, it keeps the last valid policy for replicas that start, and reports changes in Events. */
export function keepPolicy(options: PolicyKeeperOptions): Rounds {
  const { client, names, election, read, log, clock = systemClock, backoff = usualBackoff } = options;
  const retries = openRetries(backoff);
  const complain = onceAMinute();
  const report = openReport(options, clock);
  let reported: string | undefined;

  async function reportInvalid({ configMap, found }: ReadPolicy): Promise<void> {
    if (!('problems' in found)) return;
    const [first, ...others] = found.problems;
    const more = others.length === 0 ? '' : `; and ${others.length} more`;
    const message = `there is no valid policy, so the last valid one (${found.inForce}) stays in force: ${first}${more}`;
    const occasion = `${versionOf(configMap)} ${Math.floor(clock.date() / repeatMs)}`;
    if (occasion === reported) return;
    const objects = [...referenceTo(configMap), ...(await deploymentOf(client, names))];
    await report(objects, { type: 'Warning', reason: 'PolicyInvalid', message, occasion });
    reported = occasion;
  }

  async function keep({ configMap, found }: ReadPolicy): Promise<void> {
    if (!('text' in found)) return;
    reported = undefined;
    const kept = await readLastValid(client, names);
    if (kept === found.text) return;
    const changes = kept === undefined ? '' : await options.changesSince(kept);
    const message = `policy ${found.hash} is in force${changes && `: ${changes}`}`;
    const occasion = versionOf(configMap);
    await report(referenceTo(configMap), { type: 'Normal', reason: 'PolicyInForce', message, occasion });
    await writeLastValid(client, names, found.text);
  }

  async function round(): Promise<Pause> {
    const policy = election.isLeader ? read() : undefined;
    try {
      if (policy !== undefined) await ('problems' in policy.found ? reportInvalid(policy) : keep(policy));
      retries.reset();
      return { ms: checkMs };
    } catch (error) {
      const { message: problem } = error as Error;
      complain(problem, () =>
        log.warn({ problem }, 'cannot write the last valid policy or Events about the policy; retrying'),
      );
      return { ms: retries.after(error) };
    }
  }

  const rounds = openRounds(round, clock);
  election.onGain(rounds.wake);
  return rounds;
}

type Report = (objects: readonly EventObject[], event: News) => Promise<void>;

/** Reports in Events about each object. Without permission to create them, everything else continues. */
function openReport({ client, log }: PolicyKeeperOptions, clock: Clock): Report {
  const complain = onceAMinute();
  return async (objects, event) => {
    try {
      for (const object of objects) await sendEvent(client, object, event, clock.date());
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      const { message: problem } = error as Error;
      complain(problem, () =>
        log.warn({ problem }, 'policy changes are not reported in Events, because creating them is forbidden'),
      );
    }
  };
}

const versionOf = (configMap: V1ConfigMap | undefined): string => configMap?.metadata?.resourceVersion ?? 'deleted';

/** Items of a list have no kind. */
const referenceTo = (configMap: V1ConfigMap | undefined): EventObject[] =>
  configMap === undefined ? [] : [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: configMap.metadata ?? {} }];

async function deploymentOf(client: ApiClient, { namespace, deployment }: PolicyNames): Promise<EventObject[]> {
  if (deployment === undefined) return [];
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const found = (await unlessRejected([403, 404], client.get(path, {}, { metadataOnly: true }))) as
    | { readonly metadata: V1ObjectMeta }
    | undefined;
  return found === undefined ? [] : [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: found.metadata }];
}
