import { nearestWord } from '../policy/nearest-word.ts';
import { rules } from '../rules/index.ts';

/** Why the fixes of these rules cannot be made, if so. */
export function problemOfNamedFixes(ids: readonly string[], unsafe: boolean): string | undefined {
  for (const id of ids) {
    const rule = rules.find((each) => each.id === id);
    if (rule === undefined) {
      const meant = nearestWord(
        id,
        rules.map((each) => each.id),
      );
      return `there is no rule "${id}"; ${meant === undefined ? 'podwright rules lists them all' : `did you mean ${meant}?`}`;
    }
    if (rule.fix === undefined)
      return `${id} has no fix: only the author of the Pod can decide; podwright explain ${id} says what to write`;
    if (rule.fix.risk !== 'none' && !unsafe)
      return `the fix of ${id} can change what a running program sees; --unsafe makes it, podwright explain ${id} says what it does`;
  }
  return undefined;
}
