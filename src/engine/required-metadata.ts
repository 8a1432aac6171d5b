import { pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { matchesGlob } from './glob.ts';
import { quoted } from './quoted.ts';
import type { Finding } from './rule.ts';

/** The form of a requirement: a key, or a key with globs for its value, as in `stage=dev|prod-*`. */
export const requirementPattern = '^([^=\\s/]+/)?[^=\\s/]+(=.*)?$';

/** The requirements that the labels or annotations of a Pod do not meet. */
export function* unmetRequirements(
  { metadata }: PodSubject,
  field: 'labels' | 'annotations',
  required: readonly string[],
): Generator<Finding> {
  const noun = field.slice(0, -1);
  for (const requirement of required) {
    const [, key = '', globs] = /^([^=]*)(?:=(.*))?$/s.exec(requirement) ?? [];
    const value = metadata[field]?.[key];
    const isMet =
      value !== undefined && (globs === undefined || globs.split('|').some((glob) => matchesGlob(glob, value)));
    if (isMet) continue;
    const path = pointer('metadata', field, key);
    const form = globs === undefined ? '' : ` (allowed: ${globs})`;
    const problem = value === undefined ? 'is missing; set it' : `is ${quoted(value, 24)}; correct it`;
    yield { path, message: `${noun} ${quoted(key)} ${problem}${form}`, fault: value ?? '' };
  }
}
