import type { Clock } from '../../cluster/api/index.ts';
import { policyIn } from '../../engine/namespace-policy.ts';
import { type DayCounts, firstSlot } from '../../status/day-counts.ts';
import { observedStatus } from '../../status/observed-status.ts';
import type { NamespaceMode, Status } from '../../status/status.ts';
import { version } from '../../version.ts';
import type { CertificateSource, ElectingCluster } from '../certificate/index.ts';
import type { FiledPolicy } from '../policy/index.ts';
import type { BackgroundScan, FinishedScan } from '../scan/index.ts';
import type { SelfServicePolicy } from '../self-service/index.ts';

/** The names of the objects that the status describes. */
export interface InstallationNames {
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

/** The status as this replica sees it, given the requests to all replicas; undefined while the namespaces are unknown. */
type Observe = (shared: DayCounts, previous: Status | undefined) => Promise<Status | undefined>;

/** Observes this server and the installation that it belongs to. */
export async function openObservation(
  names: InstallationNames,
  { source, certificates, selfService, scan }: ObservedServer,
  options: {
    readonly cluster: Pick<ElectingCluster, 'client' | 'namespace' | 'namespaces'>;
    readonly clock: Pick<Clock, 'date'>;
  },
): Promise<Observe> {
  const { cluster, clock } = options;
  const { client, namespace, namespaces } = cluster;
  const [{ readInstallation }, { exclusionBy }] = await Promise.all([
    import('../../cluster/status/index.ts'),
    import('../../cluster/scan/index.ts'),
  ]);
  // without a scan, nothing of it is loaded
  const byMode = scan && (await import('../scan/index.ts')).byMode;
  const scanned = (finished: FinishedScan | undefined): Status['scan'] =>
    finished === undefined || byMode === undefined
      ? null
      : { ended: timeOf(finished.endedAt), workloads: finished.subjects, findings: byMode(finished) };
  return async (shared, previous) => {
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
  };
}

/** ISO 8601 without fractions of a second. */
const timeOf = (date: number): string => new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');

const certificateOf = ({ certificate, problems }: ObservedServer['certificates']): Status['certificate'] => ({
  expires: timeOf(certificate.expires.getTime()),
  problems: problems(),
});
