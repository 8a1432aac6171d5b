import type { ApiClient } from '../cluster/api/index.ts';
import type { Policy } from '../engine/policy.ts';
import { policyKey } from '../manifests/policy-key.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import { rules } from '../rules/index.ts';
import { connectionProblem } from './connection-problem.ts';
import { policyFrom } from './policy-options.ts';

/** A policy, and the name of its origin in messages. */
export interface SourcedPolicy {
  readonly policy: Policy;
  readonly source: string;
}

/** The policy, or why there is none. */
export type FoundClusterPolicy = SourcedPolicy | { readonly problems: readonly string[] };

/** The command line's place of the policy in the cluster. */
export interface PolicyNamespaceOption {
  /** The namespace of Podwright, for those who may not read the webhook configuration, which refers to it. */
  readonly policyNamespace?: string;
}

interface ConfigMap {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** The chart's label for its ConfigMap, and the file in it. */
const labelSelector = 'app.kubernetes.io/name=podwright';
/**
 * The policy in force in the cluster; the built-in one if there is no installation or it may not be read. Problems if
 * the policy is invalid and no earlier one is known, or if there are several and it is unclear which one is meant.
 */
export async function policyInForce(
  client: ApiClient,
  { policyNamespace }: PolicyNamespaceOption = {},
): Promise<FoundClusterPolicy> {
  const found = await configMaps(client, policyNamespace);
  if ('problem' in found) return { problems: [found.problem] };
  if ('rejection' in found)
    return builtIn(`the cluster's own may not be read: ${found.rejection}${found.isPlaceKnown ? '' : placeAdvice}`);
  const [first, ...others] = found.items.filter(({ data = {} }) => Object.hasOwn(data, policyKey));
  if (first === undefined) return builtIn('the cluster has no ConfigMap of a Podwright release');
  if (others.length > 0) {
    const names = [first, ...others].map(nameOf).join(', ');
    return { problems: [`several ConfigMaps contain a policy (${names}); specify the one in force with --policy`] };
  }
  const source = `ConfigMap ${nameOf(first)}`;
  const policy = await policyFrom(first.data?.[policyKey] ?? '', `${source} ${policyKey}`);
  return 'problems' in policy ? lastValid(client, first, policy.problems) : { policy, source };
}

/** An invalid policy never takes effect: replicas keep the last valid one in a ConfigMap beside it. */
async function lastValid(
  client: ApiClient,
  current: ConfigMap,
  problems: readonly string[],
): Promise<FoundClusterPolicy> {
  const { unlessRejected } = await import('../cluster/api/index.ts');
  const { readLastValid } = await import('../cluster/policy/index.ts');
  const { namespace, name } = current.metadata;
  const text = await unlessRejected([403], readLastValid(client, { namespace, configMap: name }));
  const policy = text === undefined ? undefined : await policyFrom(text, `the last valid policy of ${nameOf(current)}`);
  if (policy === undefined || 'problems' in policy) return { problems: [...problems, unknownText] };
  return { policy, source: `the last valid one, because the current one is invalid: ${problems[0]}` };
}

const unknownText = 'the webhook keeps its last valid policy in force, which is not known here; fix the ConfigMap';

const placeAdvice = '; if you may read it in its namespace, specify --policy-namespace';

const builtIn = (reason: string): SourcedPolicy => ({
  policy: defaultPolicy(rules),
  source: `the built-in one (${reason})`,
});

const nameOf = ({ metadata: { namespace, name } }: ConfigMap): string => `${namespace}/${name}`;

interface Service {
  readonly namespace: string;
  readonly name: string;
}

type Found =
  | { readonly items: readonly ConfigMap[] }
  | { readonly rejection: string; readonly isPlaceKnown: boolean }
  | { readonly problem: string };

/** The ConfigMaps of the installation. If they may not be listed, the one with the chart's name for it may be readable. */
async function configMaps(client: ApiClient, namedPlace: string | undefined): Promise<Found> {
  const { ApiError } = await import('../cluster/api/index.ts');
  try {
    const installed = await installedIn(client);
    const namespace = namedPlace ?? installed?.namespace;
    const path = namespace === undefined ? '/api/v1/configmaps' : `/api/v1/namespaces/${namespace}/configmaps`;
    try {
      const { items } = (await client.get(path, { labelSelector })) as { items: readonly ConfigMap[] };
      return { items };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      const one = namespace && (await readable(client, `${path}/${installed?.name ?? 'podwright'}-policy`));
      return one ? { items: [one] } : { rejection: error.message, isPlaceKnown: namespace !== undefined };
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { problem: connectionProblem(error) };
  }
}

async function readable(client: ApiClient, path: string): Promise<ConfigMap | undefined> {
  const { unlessRejected } = await import('../cluster/api/index.ts');
  return unlessRejected([403, 404], client.get(path) as Promise<ConfigMap>);
}

/**
 * The Service that the API server calls, because anyone who can create ConfigMaps elsewhere could imitate an
 * installation. Undefined if there is none, or it may not be read.
 */
async function installedIn(client: ApiClient): Promise<Service | undefined> {
  const { unlessRejected } = await import('../cluster/api/index.ts');
  const { readConfiguration } = await import('../cluster/webhook-configuration.ts');
  const { webhooks = [] } = (await unlessRejected([403], readConfiguration(client, 'validating', 'podwright'))) ?? {};
  return webhooks.map(({ clientConfig }) => clientConfig.service).find((service) => service !== undefined);
}
