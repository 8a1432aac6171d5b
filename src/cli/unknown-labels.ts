import type { AuditReport } from '../audit/audit-report.ts';
import { matchOf, type Namespace } from '../engine/namespace-policy.ts';
import type { Policy } from '../engine/policy.ts';

/** The namespaces whose unknown labels the policy matches on, in one line; their results may be too strict. */
export function unknownLabelsLines(policy: Policy, { subjects }: AuditReport): string[] {
  const unknown = subjects.flatMap(({ circumstances: { origin } }) =>
    origin !== undefined && isUnclear(policy, origin.namespace) ? [origin.namespace.name] : [],
  );
  const names = [...new Set(unknown)].toSorted();
  if (names.length === 0) return [];
  const [namespaces, manifests] =
    names.length === 1 ? ['namespace', 'its Namespace manifest'] : ['namespaces', 'their Namespace manifests'];
  return [
    `the policy matches on labels, but those of ${namespaces} ${names.join(', ')} are unknown; assuming the strictest match; add ${manifests} to the files`,
  ];
}

/** Whether the policy in a namespace depends on unknown labels. */
function isUnclear({ namespaces, exemptions }: Policy, namespace: Namespace): boolean {
  const conditions = [
    ...namespaces.map(({ match }) => match),
    ...exemptions.map(({ match }) => ({
      ...(match.namespaces && { names: match.namespaces }),
      ...(match.namespaceLabels && { labels: match.namespaceLabels }),
    })),
  ];
  return conditions.some((match) => matchOf({ match }, namespace) === 'maybe');
}
