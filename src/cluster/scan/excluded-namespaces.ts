import type { KnownCluster } from '../../audit/surroundings.ts';
import type { Labels } from '../../engine/namespace-policy.ts';
import { type ApiClient, unlessRefused } from '../api/index.ts';
import { readConfiguration } from '../webhook-configuration.ts';

/** Namespaces that the chart always excludes, except for the program's own. */
const alwaysExcluded: ReadonlySet<string> = new Set(['kube-system', 'kube-node-lease']);

/** `metav1.LabelSelector`; the requirements are ANDed, and an empty selector matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * Returns which namespaces no webhook of the ValidatingWebhookConfiguration applies to. If the configuration does not
 * exist or may not be read, these are the chart's exclusions.
 * @throws ApiError if the API server cannot be reached or does not accept the credentials.
 */
export async function excludedNamespaces(
  client: ApiClient,
  { at }: Pick<KnownCluster, 'at'>,
  {
    configuration = 'podwright',
    signal,
  }: { readonly configuration?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<(namespace: string) => boolean> {
  const found = await unlessRefused([403], readConfiguration(client, 'validating', configuration, { signal }));
  const { webhooks = [] } = found ?? {};
  if (webhooks.length === 0) return (namespace) => alwaysExcluded.has(namespace);
  return (namespace) => {
    const labels = at(namespace).namespaceLabels ?? { 'kubernetes.io/metadata.name': namespace };
    return !webhooks.some(({ namespaceSelector = {} }) => matchesLabelSelector(namespaceSelector, labels));
  };
}

/** Whether labels match a selector, like `metav1.LabelSelectorAsSelector`. */
export function matchesLabelSelector(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Labels,
): boolean {
  const valueOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = valueOf(key);
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === 'In' ? isIn : operator === 'NotIn' && !isIn;
    })
  );
}
