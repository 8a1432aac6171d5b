import { childOf, type Pointer, pointer } from '../../patch/pointer.ts';

export const hidden = '***';

/**
 * Plain data with the value of every environment variable hidden, so that it can be pasted anywhere. References to
 * Secrets stay, because they reveal nothing.
 */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isObjectInText(member))
      .map(([key, member]) => [
        key,
        key === 'env' && Array.isArray(member) ? member.map(withoutValue) : hideSecrets(member),
      ]),
  );
}

/** The paths of values that `hideSecrets` hides, and of a Secret's data. */
export function secretPathsIn(value: unknown, path: Pointer = ''): Pointer[] {
  if (typeof value !== 'object' || value === null) return isObjectInText(value) ? [path] : [];
  const isSecret = childOf(value, 'kind') === 'Secret';
  return Object.entries(value).flatMap(([key, member]): Pointer[] => {
    const below: Pointer = `${path}${pointer(key)}`;
    if (isSecret && (key === 'data' || key === 'stringData')) return member === null ? [] : [below];
    if (key === 'env' && Array.isArray(member))
      return member.flatMap((variable, index) =>
        childOf(variable, 'value') === undefined ? [] : [`${below}${pointer(index, 'value')}` as Pointer],
      );
    return secretPathsIn(member, below);
  });
}

/** kubectl, kapp and other tools store the applied object in an annotation, including environment variables. */
const isObjectInText = (value: unknown): boolean => typeof value === 'string' && /^\s*\{/.test(value);

function withoutValue(variable: unknown): unknown {
  if (typeof variable !== 'object' || variable === null || !('value' in variable)) return hideSecrets(variable);
  return { ...variable, value: hidden };
}
