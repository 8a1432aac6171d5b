/** Stands for further namespaces, and for requests that name none. No namespace can have this name. */
const others = '_other';

const unlabeled: readonly string[] = [];

/** The label `namespace` of a metric, or its absence. */
export interface NamespaceLabel {
  readonly names: readonly 'namespace'[];
  valuesFor(namespace: string): readonly string[];
}

/** Labels the first namespaces, up to this number, so that the number of series is bounded; 0 turns the label off. */
export function namespaceLabel(maxNamespaces: number): NamespaceLabel {
  if (maxNamespaces === 0) return { names: [], valuesFor: () => unlabeled };
  const labeled = new Set<string>();
  return {
    names: ['namespace'],
    valuesFor(namespace) {
      if (namespace !== '' && labeled.size < maxNamespaces) labeled.add(namespace);
      return [labeled.has(namespace) ? namespace : others];
    },
  };
}
