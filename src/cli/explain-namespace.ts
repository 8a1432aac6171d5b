import type { AuditedSubject } from '../audit/audit-report.ts';
import type { NamespaceEntry } from '../engine/namespace-entry.ts';
import { type Match, matchOf } from '../engine/namespace-policy.ts';
import { hang, printable } from './output/layout.ts';

/** The entries in the policy's `namespaces` that apply to the object's namespace; empty if the policy has none. */
export function namespaceLines({ policy, circumstances: { origin } }: AuditedSubject, columns: number): string[] {
  if (policy.namespaces.length === 0 || origin === undefined) return [];
  const { namespace } = origin;
  const entries = policy.namespaces.map((entry, index) => ({
    match: matchOf(entry, namespace),
    text: `namespaces[${index}] (${conditionsOf(entry)})`,
  }));
  const those = (wanted: Match): string =>
    entries
      .filter(({ match }) => match === wanted)
      .map(({ text }) => text)
      .join(', ');
  return hang('  namespace  ', printable(`${namespace.name}: ${textOf(those('yes'), those('maybe'))}`), columns);
}

function textOf(certain: string, open: string): string {
  const applied = certain === '' ? [] : [`entries that apply: ${certain}`];
  const unclear =
    open === ''
      ? []
      : [
          `its labels are unknown because its Namespace is not among the files, so each rule gets the strictest interpretation of ${open}`,
        ];
  const texts = [...applied, ...unclear];
  return texts.length === 0 ? "none of the policy's namespaces entries applies" : texts.join('; ');
}

/** `names team-*, labels tier=gold`. */
function conditionsOf({ match: { names, labels } }: NamespaceEntry): string {
  const parts = [
    ...(names === undefined ? [] : [`names ${names.join(' ')}`]),
    ...(labels === undefined
      ? []
      : [
          `labels ${Object.entries(labels)
            .map(([key, value]) => `${key}=${value}`)
            .join(' ')}`,
        ]),
  ];
  return parts.join(', ');
}
