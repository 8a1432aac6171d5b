import type { WebhookConfiguration } from '../cluster/webhook-configuration.ts';
import type { Policy } from '../engine/policy.ts';
import { shortened } from '../engine/shortened.ts';
import { added, byNamespace, type DayCounts, noCounts } from './day-counts.ts';
import { listedExemptions } from './listed-exemptions.ts';
import { listedNamespaces } from './listed-namespaces.ts';
import type { NamespaceMode, Status } from './status.ts';
import { webhookStates } from './webhook-state.ts';

/** The state of an installation as the leader observes it. */
export interface Observation extends Pick<Status, 'written' | 'podwright' | 'replicas' | 'certificate' | 'scan'> {
  /** The same moment as `written`, in milliseconds since 1970. */
  readonly now: number;
  readonly policy: Policy;
  /** When this replica put the policy into force. */
  readonly inForceSince: string;
  readonly policyProblems: readonly string[];
  readonly configurations: Readonly<Record<keyof Status['webhooks'], WebhookConfiguration | undefined>>;
  readonly counts: DayCounts;
  /** The beginning of the last day. */
  readonly since: string;
  readonly namespaces: Iterable<string>;
  readonly modeOf: (namespace: string) => NamespaceMode;
}

const mostProblems = 5;
const longestProblem = 500;

/** The status. Values that this leader does not know yet come from the previous status. */
export function observedStatus(observation: Observation, previous: Status | undefined): Status {
  const { written, podwright, replicas, policy, certificate, configurations, counts, since, now } = observation;
  const { hash, mode } = policy;
  const known = previous?.policy.hash === hash ? previous.policy.inForceSince : undefined;
  const inNamespaces = byNamespace(counts);
  return {
    version: 1,
    written,
    podwright,
    replicas,
    policy: {
      hash,
      mode,
      inForceSince: known ?? observation.inForceSince,
      problems: few(observation.policyProblems),
    },
    certificate: { ...certificate, problems: few(certificate.problems) },
    webhooks: {
      mutating: webhookStates(configurations.mutating),
      validating: webhookStates(configurations.validating),
    },
    scan: observation.scan ?? previous?.scan ?? null,
    lastDay: { since, ...[...inNamespaces.values()].reduce(added, noCounts) },
    ...listedExemptions(policy.exemptions, now),
    ...listedNamespaces(observation.namespaces, observation.modeOf, inNamespaces),
  };
}

const few = (problems: readonly string[]): string[] =>
  problems.slice(0, mostProblems).map((problem) => shortened(problem, longestProblem));
