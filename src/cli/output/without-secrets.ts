import { childOf, type Pointer, pointer } from '../../patch/pointer.ts';

export const hidden = '***';

/**
 * Plain data in which the value of every environment variable is hidden: what the data shows may be pasted anywhere. A
 * reference to a Secret stays, for it tells nothing.
 */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isObjectInText(member))
      .map(([key, member]) => [
        key,
        key === 'env' && Array.isArray(member) ? member.map(withoutValue) : withoutSecrets(member),
      ]),
  );
}

/** Where data holds what `withoutSecrets` hides, and the data of a Secret. */
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

/** Tools keep whole objects as they were applied in an annotation, environment and all: kubectl, kapp and others. */
const isObjectInText = (value: unknown): boolean => typeof value === 'string' && /^\s*\{/.test(value);

function withoutValue(variable: unknown): unknown {
  if (typeof variable !== 'object' || variable === null || !('value' in variable)) return withoutSecrets(variable);
  return { ...variable, value: hidden };
}
