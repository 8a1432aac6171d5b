import { compare } from '../engine/compare.ts';
import { strengthOf } from '../engine/rule.ts';
import { type Counts, mostDeniedFirst, noCounts } from './day-counts.ts';
import type { NamespaceMode, NamespaceState, Status } from './status.ts';
import { trimToLength } from './trim-to-length.ts';

/** Leaves the rest of 256 KiB to everything else in the status. */
const maxLength = 160 * 1024;

/** The namespaces of a status, as many as there is room for. */
export function listedNamespaces(
  names: Iterable<string>,
  modeOf: (name: string) => NamespaceMode,
  counts: ReadonlyMap<string, Counts>,
): Pick<Status, 'modes' | 'namespaces' | 'omittedNamespaces'> {
  const modes: Partial<Record<NamespaceMode, number>> = {};
  const states: NamespaceState[] = [];
  for (const name of names) {
    const mode = modeOf(name);
    modes[mode] = (modes[mode] ?? 0) + 1;
    if (mode !== 'excluded') states.push({ name, mode, ...(counts.get(name) ?? noCounts) });
  }
  const namespaces = trimToLength(states.toSorted(byImportance), maxLength);
  return { modes, namespaces, omittedNamespaces: states.length - namespaces.length };
}

const byImportance = (a: NamespaceState, b: NamespaceState): number =>
  mostDeniedFirst(a, b) || strengthOf[b.mode] - strengthOf[a.mode] || compare(a.name, b.name);
