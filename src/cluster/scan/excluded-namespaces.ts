import type { KnownCluster } from '../../audit/surroundings.ts';
import type { Labels } from '../../engine/namespace-entry.ts';
import { matchesLabelSelector } from '../../subject/label-selector.ts';
import { type ApiClient, unlessRejected } from '../api/index.ts';
import { readConfiguration, type WebhookConfiguration } from '../webhook-configuration.ts';

/** The webhook for the policy itself, which applies to the program's own namespace. */
const ofPolicy = 'policy.validate.podwright.dev';

/** Namespaces that the chart always excludes, except for the program's own. */
const alwaysExcluded: ReadonlySet<string> = new Set(['kube-system', 'kube-node-lease']);

/**
 * Returns which namespaces no webhook for Pods and workloads applies to. If the configuration does not
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
  const found = await unlessRejected([403], readConfiguration(client, 'validating', configuration, { signal }));
  return exclusionBy(found, (namespace) => at(namespace).namespaceLabels);
}

/** Returns which namespaces no webhook of a validating configuration for Pods and workloads applies to. */
export function exclusionBy(
  configuration: WebhookConfiguration | undefined,
  labelsOf: (namespace: string) => Labels | undefined,
): (namespace: string) => boolean {
  const webhooks = (configuration?.webhooks ?? []).filter(({ name }) => name !== ofPolicy);
  if (webhooks.length === 0) return (namespace) => alwaysExcluded.has(namespace);
  return (namespace) => {
    const labels = labelsOf(namespace) ?? { 'kubernetes.io/metadata.name': namespace };
    return !webhooks.some(({ namespaceSelector = {} }) => matchesLabelSelector(namespaceSelector, labels));
  };
}
