import type { NeighborKind } from '../../engine/neighbors.ts';
import type { Policy } from '../../engine/policy.ts';

/** The kinds of objects that the rules read which any of the policies enables, in some namespace at least. */
export const neighborKindsOf = (policies: readonly Policy[]): ReadonlySet<NeighborKind> =>
  new Set(
    policies.flatMap(({ rules, namespaces }) =>
      rules.flatMap(({ rule, mode }) => {
        const modes = [mode, ...namespaces.map((entry) => entry.rules[rule.id]?.mode ?? 'off')];
        return modes.some((each) => each !== 'off') ? (rule.reads ?? []) : [];
      }),
    ),
  );
