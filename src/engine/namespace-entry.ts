import { matchesGlob } from './glob.ts';
import type { Mode } from './rule.ts';
import type { RuleSetting } from './rule-setting.ts';

/** The labels of a namespace, or globs for their values. */
export type Labels = Readonly<Record<string, string>>;

/** The namespace of a subject. Labels are undefined until they are read. */
export interface Namespace {
  readonly name: string;
  readonly labels: Labels | undefined;
}

/** Settings of a policy for some namespaces; entries apply in order, and later ones win. */
export interface NamespaceEntry {
  /** Both must match. If absent, the entry applies to all namespaces. */
  readonly match: { readonly names?: readonly string[]; readonly labels?: Labels };
  readonly mode?: Mode;
  readonly fixes?: boolean;
  readonly rules: Readonly<Record<string, Partial<Pick<RuleSetting, 'mode' | 'fix' | 'options'>>>>;
}

/** Whether the labels include all required ones; required values are globs. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(
    ([key, pattern]) => Object.hasOwn(labels, key) && matchesGlob(pattern, labels[key] ?? ''),
  );
}
