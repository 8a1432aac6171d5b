import type { AuditedSubject } from '../audit/audit-report.ts';
import type { Namespace } from '../engine/namespace-entry.ts';
import { matchOf } from '../engine/namespace-policy.ts';
import type { Policy } from '../engine/policy.ts';

/** Namespaces whose labels the policy asks for and that were not read, as subjects come in. */
export interface UnknownLabels {
  add(subject: Pick<AuditedSubject, 'circumstances'>): void;
  /** Their names, in one line: verdicts in them may be too strict. */
  lines(): string[];
}

export function openUnknownLabels(policy: Policy): UnknownLabels {
  const isUnknown = new Map<string, boolean>();
  return {
    add({ circumstances: { origin } }) {
      if (origin === undefined || isUnknown.has(origin.namespace.name)) return;
      isUnknown.set(origin.namespace.name, isUnclear(policy, origin.namespace));
    },
    lines() {
      const names = [...isUnknown].flatMap(([name, unknown]) => (unknown ? [name] : [])).toSorted();
      if (names.length === 0) return [];
      const [namespaces, manifests] =
        names.length === 1 ? ['namespace', 'its Namespace manifest'] : ['namespaces', 'their Namespace manifests'];
      return [
        `the policy matches on labels, but those of ${namespaces} ${names.join(', ')} are unknown; assuming the strictest match; add ${manifests} to the files`,
      ];
    },
  };
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
