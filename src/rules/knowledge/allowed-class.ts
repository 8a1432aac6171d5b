import { matchesGlob } from '../../engine/glob.ts';
import { quoted } from '../../engine/quoted.ts';
import type { Finding } from '../../engine/rule.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** The options of a rule that allows classes by name. */
export const classOptions = {
  allowed: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description: 'Globs for the names of allowed classes. If unset, the rule reports nothing.',
  },
  allowUnset: { type: 'boolean', default: true, description: 'Accept a Pod that names no class.' },
} as const;

export interface ClassOptions {
  readonly allowed: readonly string[] | undefined;
  readonly allowUnset: boolean;
}

/** A finding if the class of a Pod is not an allowed one. */
export function* disallowedClass(
  pod: PodSubject,
  field: 'runtimeClassName' | 'priorityClassName',
  { allowed = [], allowUnset }: ClassOptions,
): Generator<Finding> {
  const name = pod.spec[field] ?? '';
  if (name === '' ? allowUnset : allowed.some((glob) => matchesGlob(glob, name))) return;
  const problem = name === '' ? 'is not set; set it' : `is ${quoted(name)}; use another`;
  const message = `spec.${field} ${problem} (allowed: ${allowed.join(', ') || 'none'})`;
  yield { path: pod.at(field), message, fault: name };
}
