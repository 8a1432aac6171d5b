import { matchesGlob } from '../../engine/glob.ts';
import { quoted } from '../../engine/quoted.ts';
import type { Finding } from '../../engine/rule.ts';
import { pointer } from '../../patch/pointer.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

type Field = 'labels' | 'annotations';

/** Requirements in the options of a rule: keys, or keys with globs for their values, as in `stage=dev|prod-*`. */
export const requirements = {
  type: 'array',
  items: { type: 'string', pattern: '^([^=\\s/]+/)?[^=\\s/]+(=.*)?$' },
} as const;

/** Why nothing is required of a Pod, if nothing is. */
export function withoutRequirements(
  pod: PodSubject,
  field: Field,
  required: readonly string[] | undefined,
): string | undefined {
  if (required === undefined) return 'option required is not set';
  return pod.isWhole ? undefined : `an ephemeral container has no ${field} of its own`;
}

/** The requirements that the labels or annotations of a Pod do not meet. */
export function* unmetRequirements(
  { metadata }: PodSubject,
  field: Field,
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
