/** Holds the whole object as it was applied, environment and all. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

const hidden = '***';

/**
 * Plain data in which the value of every environment variable is hidden: what the data shows may be pasted anywhere. A
 * reference to a Secret stays, for it tells nothing.
 */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      if (key === lastApplied) return [];
      return [[key, key === 'env' && Array.isArray(member) ? member.map(withoutValue) : withoutSecrets(member)]];
    }),
  );
}

function withoutValue(variable: unknown): unknown {
  if (typeof variable !== 'object' || variable === null || !('value' in variable)) return withoutSecrets(variable);
  return { ...variable, value: hidden };
}
