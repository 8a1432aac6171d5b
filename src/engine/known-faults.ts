import { PathTree } from './path-tree.ts';
import type { Fault } from './rule.ts';

/** The faults of findings that share a key, combined, because an author can write any number of them. */
export interface KnownFaults {
  /** One of them is identified by its place alone. */
  isPlain: boolean;
  /** The largest number among them. */
  most: number;
  /** The texts among them; absent if there are none, not even an empty list. */
  texts?: Set<string>;
  /** The paths among them by the way they are accessed. */
  paths?: Map<string, PathTree>;
}

export const noFaults = (): KnownFaults => ({ isPlain: false, most: Number.NEGATIVE_INFINITY });

/** Adds the fault of one more finding. */
export function addTo(known: KnownFaults, fault: Fault | undefined): void {
  if (fault === undefined) known.isPlain = true;
  else if (typeof fault === 'number') known.most = Math.max(known.most, fault);
  else if (isTexts(fault)) {
    known.texts ??= new Set();
    for (const text of textsOf(fault)) known.texts.add(text);
  } else {
    known.paths ??= new Map();
    for (const { way, path } of fault.accesses) {
      let tree = known.paths.get(way);
      if (tree === undefined) known.paths.set(way, (tree = new PathTree()));
      tree.add(path);
    }
  }
}

/** Whether the value at fault is no worse than before. */
export function isNoWorse(now: Fault | undefined, before: KnownFaults): boolean {
  if (now === undefined) return before.isPlain;
  if (typeof now === 'number') return now <= before.most;
  const { texts, paths } = before;
  if (!isTexts(now)) return now.accesses.every(({ way, path }) => paths?.get(way)?.covers(path) === true);
  return texts !== undefined && textsOf(now).every((text) => texts.has(text));
}

type Texts = string | readonly string[];

/** Whether texts, rather than the place, distinguish findings. */
export const isTexts = (fault: Fault | undefined): fault is Texts => typeof fault === 'string' || Array.isArray(fault);

const textsOf = (fault: Texts): readonly string[] => (typeof fault === 'string' ? [fault] : fault);
