import { isHindered, type NamespacePreview } from '../../audit/preview.ts';
import type { Mode } from '../../engine/rule.ts';
import { counted } from './layout.ts';

/** What stands beside a namespace: `ready`, for how long if that ends soon, its mode where that is not to enforce, or nothing. */
export function markOf({ isReady, readyUntil, mode }: NamespacePreview): string {
  if (isReady) return readyUntil === undefined ? 'ready' : `ready until ${readyUntil}`;
  return mode === 'enforce' ? '' : mode;
}

/** Where nothing is denied because of the mode, whatever is found. */
export const unenforced = (namespaces: readonly NamespacePreview[]): NamespacePreview[] =>
  namespaces.filter(({ mode, workloads }) => mode !== 'enforce' && !workloads.some(isHindered));

/**
 * Why namespaces without a denial are not called ready, and how to ask what enforcing would do there; a sentence each.
 *
 * @param ceiling What `--mode` sets; undefined where the policy is previewed as it is written.
 */
export function unenforcedSentences(namespaces: readonly NamespacePreview[], ceiling: Mode | undefined): string[] {
  const all = unenforced(namespaces);
  const off = all.filter(({ isSwitchedOff }) => isSwitchedOff).length;
  const others = all.filter(({ isSwitchedOff }) => !isSwitchedOff);
  const modes = [...new Set(others.map(({ mode }) => mode))].toSorted().join(', ');
  const reason = ceiling === undefined ? 'As written' : `With --mode ${ceiling}`;
  return [
    ...(others.length === 0
      ? []
      : [
          `${reason}, nothing is denied in ${counted(others.length, 'namespace')} (${modes}); --mode enforce shows what would be.`,
        ]),
    ...(off === 0
      ? []
      : [`Turned off by an entry of the policy, and left off in the preview: ${counted(off, 'namespace')}.`]),
  ];
}

/** ` (fixes are off here)` where that is why something stands in the way that could be repaired. */
export function fixesNote({ fixes, rules }: NamespacePreview): string {
  const isRepairable = rules.some(({ rule, denied, stops }) => rule.fix !== undefined && denied + stops > 0);
  return fixes || !isRepairable ? '' : ' (fixes are off here)';
}
