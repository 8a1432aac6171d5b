import { type Pointer, pointer, valueAt } from '../patch/pointer.ts';

/** The ConfigMap in which a team writes the exemptions of its namespace, and the key in it. */
export const teamConfigMap = { name: 'podwright-exemptions', key: 'exemptions.yaml' } as const;

/** The place of the exemptions in the ConfigMap. */
export const teamTextPath: Pointer = pointer('data', teamConfigMap.key);

/** The name of the text in messages: `ConfigMap shop/podwright-exemptions exemptions.yaml`. */
export const teamTextName = (namespace: string): string =>
  `ConfigMap ${namespace}/${teamConfigMap.name} ${teamConfigMap.key}`;

/** The exemptions in the ConfigMap; empty if it has none. */
export function teamTextOf(configMap: unknown): string {
  const text = valueAt(configMap, teamTextPath);
  return typeof text === 'string' ? text : '';
}
