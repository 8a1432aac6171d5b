import type { Preview } from '../../audit/preview/index.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import { printCompactYaml } from '../../yaml/print.ts';

/** A policy snippet, and where to put it. */
export interface ReadyEntry {
  readonly instruction: string;
  readonly yaml: string;
}

/**
 * A policy snippet that enforces in exactly the namespaces that are ready, or adds to the policy's entries the ready
 * namespaces that it does not enforce in yet; undefined if there are none, or if enforcement was not previewed.
 */
export function readyEntry(
  { namespaces }: Preview,
  { ceiling, written }: { readonly ceiling: Mode | undefined; readonly written: Pick<Policy, 'mode' | 'namespaces'> },
): ReadyEntry | undefined {
  if (ceiling !== 'enforce') return undefined;
  const isAdded = written.namespaces.length > 0;
  const names = namespaces
    .filter(({ isReady, writtenMode }) => isReady && !(isAdded && writtenMode === 'enforce'))
    .map(({ namespace }) => namespace);
  if (names.length === 0) return undefined;
  const entries = printCompactYaml([{ match: { names }, mode: 'enforce' }]);
  if (isAdded)
    return {
      instruction:
        "To enforce in the namespaces that are ready, add to the policy's namespaces (with Helm, under policy: in the values):",
      yaml: `namespaces:\n# after the existing entries\n${entries}`,
    };
  const elsewhere = written.mode === 'enforce' ? 'audit' : written.mode;
  return {
    instruction:
      'To enforce in the namespaces that are ready, and not yet in the others (with Helm, namespaces goes under policy: in the values):',
    yaml: `mode: ${elsewhere}\nnamespaces:\n${entries}`,
  };
}
