import type { Surroundings } from '../../audit/surroundings.ts';
import type { Labels } from '../../engine/namespace-policy.ts';
import { type ApiClient, unlessRefused } from '../api/index.ts';
import { readConfiguration } from '../webhook-configuration.ts';

/** What the chart excludes whatever its values are, but for the program's own namespace. */
const alwaysExcluded: ReadonlySet<string> = new Set(['kube-system', 'kube-node-lease']);

/** `metav1.LabelSelector`; the requirements are ANDed, and none is met by everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/**
 * Tells which namespaces no webhook of the ValidatingWebhookConfiguration sees. Where that is not there or may not be
 * read, these are the ones that the chart excludes.
 *
 * @throws ApiError when the API server cannot be reached or does not know who asks.
 */
export async function excludedNamespaces(
  client: ApiClient,
  { labelsOf }: Pick<Surroundings, 'labelsOf'>,
  {
    configuration = 'podwright',
    signal,
  }: { readonly configuration?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<(namespace: string) => boolean> {
  const found = await unlessRefused([403], readConfiguration(client, 'validating', configuration, { signal }));
  const { webhooks = [] } = found ?? {};
  if (webhooks.length === 0) return (namespace) => alwaysExcluded.has(namespace);
  return (namespace) => {
    const labels = labelsOf(namespace) ?? { 'kubernetes.io/metadata.name': namespace };
    return !webhooks.some(({ namespaceSelector = {} }) => matchesLabelSelector(namespaceSelector, labels));
  };
}

/** Whether labels meet a selector, as `metav1.LabelSelectorAsSelector` has it. */
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
