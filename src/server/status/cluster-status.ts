import type { Logger } from 'pino';
import type { Decision } from '../../admission/decision.ts';
import type { Clock } from '../../cluster/api/index.ts';
import { policyIn } from '../../engine/namespace-policy.ts';
import { firstSlot, others } from '../../status/day-counts.ts';
import { observedStatus } from '../../status/observed-status.ts';
import { openPendingCounts } from '../../status/pending-counts.ts';
import type { NamespaceMode, Status } from '../../status/status.ts';
import { version } from '../../version.ts';
import type { CertificateSource, ElectingCluster } from '../certificate/index.ts';
import type { FiledPolicy } from '../policy/index.ts';
import type { BackgroundScan, FinishedScan } from '../scan/index.ts';
import type { SelfServicePolicy } from '../self-service/index.ts';
import { countNameOf } from './count-name.ts';

/** The ConfigMap for the status, and the names of the objects it describes. */
export interface StatusOptions {
  readonly configMap: string;
  /** The Deployment of the replicas. */
  readonly deployment?: string | undefined;
  readonly webhookConfiguration: string;
}

/** The parts of this server that the status is about. */
export interface ObservedServer {
  readonly source: Pick<FiledPolicy, 'policy' | 'since' | 'problems'>;
  readonly certificates: Pick<CertificateSource, 'certificate' | 'problems'>;
  /** The policy with the exemptions of teams; undefined outside a cluster. */
  readonly selfService: Pick<SelfServicePolicy, 'policyEverywhere'> | undefined;
  /** Undefined if scans are turned off. */
  readonly scan: Pick<BackgroundScan, 'last'> | undefined;
}

/** The status in the cluster, which all replicas share. */
export interface ClusterStatus {
  /** Counts a decision about a Pod or a workload. */
  count(decision: Decision): void;
  close(): Promise<void>;
}

/** Counts decisions for the status and, while this replica is the leader, writes it. */
export async function openClusterStatus(
  names: StatusOptions,
  { source, certificates, selfService, scan }: ObservedServer,
  options: {
    readonly cluster: Pick<ElectingCluster, 'client' | 'namespace' | 'election' | 'namespaces'>;
    readonly log: Logger;
    readonly clock?: Clock | undefined;
  },
): Promise<ClusterStatus> {
  const { cluster, log } = options;
  const { client, namespace, election, namespaces } = cluster;
  const [{ keepStatus, readInstallation }, { systemClock }, { exclusionBy }] = await Promise.all([
    import('../../cluster/status/index.ts'),
    import('../../cluster/api/index.ts'),
    import('../../cluster/scan/index.ts'),
  ]);
  // without a scan, nothing of it is loaded
  const byMode = scan && (await import('../scan/index.ts')).byMode;
  const scanned = (finished: FinishedScan | undefined): Status['scan'] =>
    finished === undefined || byMode === undefined
      ? null
      : { ended: timeOf(finished.endedAt), workloads: finished.subjects, findings: byMode(finished) };
  const clock = options.clock ?? systemClock;
  const counts = openPendingCounts(() => clock.date());
  const keeper = keepStatus({
    client,
    names: { namespace, configMap: names.configMap },
    election,
    counts,
    log,
    clock,
    async observe(shared, previous) {
      if (!namespaces.isReady) return undefined;
      const { replicas, configurations } = await readInstallation(client, { ...names, namespace });
      const now = clock.date();
      const policy = selfService?.policyEverywhere() ?? source.policy;
      const isExcluded = exclusionBy(configurations.validating, namespaces.labelsOf);
      const modeOf = (name: string): NamespaceMode =>
        isExcluded(name) ? 'excluded' : policyIn(policy, { name, labels: namespaces.labelsOf(name) }).mode;
      const observation = {
        now,
        written: timeOf(now),
        podwright: version,
        replicas,
        configurations,
        policy,
        inForceSince: timeOf(source.since),
        policyProblems: source.problems,
        certificate: certificateOf(certificates),
        scan: scanned(scan?.last),
        counts: shared,
        since: timeOf(firstSlot(now)),
        namespaces: namespaces.names(),
        modeOf,
      };
      return observedStatus(observation, previous);
    },
  });
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

/** ISO 8601 without fractions of a second. */
const timeOf = (date: number): string => new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');

const certificateOf = ({ certificate, problems }: ObservedServer['certificates']): Status['certificate'] => ({
  expires: timeOf(certificate.expires.getTime()),
  problems: problems(),
});
