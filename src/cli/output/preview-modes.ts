import { isHindered, type NamespacePreview } from '../../audit/preview/index.ts';
import type { Mode } from '../../engine/rule.ts';
import { counted } from './layout.ts';

/** The mark beside a namespace: `ready`, with the last day if that ends soon; the mode if it is not `enforce`; or nothing. */
export function markOf({ isReady, readyUntil, mode }: NamespacePreview): string {
  if (isReady) return readyUntil === undefined ? 'ready' : `ready until ${readyUntil}`;
  return mode === 'enforce' ? '' : mode;
}

/** Nothing is denied there because of the mode, regardless of findings. */
export const unenforced = (namespaces: readonly NamespacePreview[]): NamespacePreview[] =>
  namespaces.filter(({ mode, workloads }) => mode !== 'enforce' && !workloads.some(isHindered));

/**
 * Why namespaces without a denial are not marked as ready, and how to preview enforcement there; one sentence each.
 * @param ceiling The mode of `--mode`; undefined if the policy is previewed as written.
 */
export function unenforcedSentences(namespaces: readonly NamespacePreview[], ceiling: Mode | undefined): string[] {
  const all = unenforced(namespaces);
  const off = all.filter(({ isOff }) => isOff).length;
  const others = all.filter(({ isOff }) => !isOff);
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

/** ` (fixes are off here)` if a finding remains for that reason although it could be repaired. */
export function fixesNote({ fixes, rules }: NamespacePreview): string {
  const isRepairable = rules.some(({ rule, denied, stops }) => rule.fix !== undefined && denied + stops > 0);
  return fixes || !isRepairable ? '' : ' (fixes are off here)';
}
