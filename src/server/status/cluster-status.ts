import type { Logger } from 'pino';
import type { Decision } from '../../admission/decision.ts';
import type { Clock } from '../../cluster/api/index.ts';
import { others } from '../../status/day-counts.ts';
import { openPendingCounts } from '../../status/pending-counts.ts';
import type { ElectingCluster } from '../certificate/index.ts';
import { countNameOf } from './count-name.ts';
import { type InstallationNames, type ObservedServer, openObservation } from './observation.ts';

/** The ConfigMap for the status, and the names of the objects it describes. */
export interface StatusOptions extends InstallationNames {
  readonly configMap: string;
}

/** The status in the cluster, which all replicas share. */
export interface ClusterStatus {
  /** Counts a decision about a Pod or a workload. */
  count(decision: Decision): void;
  close(): Promise<void>;
}

/** Counts decisions for the status and, while this replica is the leader, writes it. */
export async function openClusterStatus(
  { configMap, ...described }: StatusOptions,
  server: ObservedServer,
  options: {
    readonly cluster: Pick<ElectingCluster, 'client' | 'namespace' | 'election' | 'namespaces'>;
    readonly log: Logger;
    readonly clock?: Clock | undefined;
  },
): Promise<ClusterStatus> {
  const { cluster, log } = options;
  const { client, namespace, election, namespaces } = cluster;
  const [{ keepStatus }, { systemClock }] = await Promise.all([
    import('../../cluster/status/index.ts'),
    import('../../cluster/api/index.ts'),
  ]);
  const clock = options.clock ?? systemClock;
  const counts = openPendingCounts(() => clock.date());
  const observe = await openObservation(described, server, { cluster, clock });
  const keeper = keepStatus({ client, names: { namespace, configMap }, election, counts, observe, log, clock });
  return {
    count(decision) {
      const countName = countNameOf(decision);
      const name = decision.request.namespace;
      // Callers may send any name.
      if (countName !== undefined) counts.count(namespaces.labelsOf(name) === undefined ? others : name, countName);
    },
    close: () => keeper.close(),
  };
}
