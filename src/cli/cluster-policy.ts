import type { ApiClient } from '../cluster/api-client.ts';
import type { Policy } from '../engine/policy.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import { rules } from '../rules/index.ts';
import { connectionProblem } from './connection-problem.ts';
import { policyFrom } from './policy-options.ts';

/** A policy, and how people call where it is from. */
export interface SourcedPolicy {
  readonly policy: Policy;
  readonly source: string;
}

interface ConfigMap {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** What the chart labels its ConfigMap with, and the file in it. */
const labelSelector = 'app.kubernetes.io/name=podwright';
const key = 'policy.yaml';

/**
 * The policy that the installation in the cluster follows: the built-in one where there is no installation, or none that
 * may be read. Problems where what is found is no valid policy, or there are several and nobody can tell which is meant.
 */
export async function policyInForce(
  client: ApiClient,
): Promise<SourcedPolicy | { readonly problems: readonly string[] }> {
  const found = await configMaps(client);
  if ('problem' in found) return { problems: [found.problem] };
  if ('refusal' in found) return builtIn(`the cluster's own may not be read: ${found.refusal}`);
  const [first, ...others] = found.items.filter(({ data = {} }) => Object.hasOwn(data, key));
  if (first === undefined) return builtIn('the cluster has no ConfigMap of a Podwright release');
  if (others.length > 0) {
    const names = [first, ...others].map(nameOf).join(', ');
    return { problems: [`several ConfigMaps hold a policy (${names}); say which one is meant with --policy`] };
  }
  const source = `ConfigMap ${nameOf(first)}`;
  const policy = await policyFrom(first.data?.[key] ?? '', `${source} ${key}`);
  return 'problems' in policy ? policy : { policy, source };
}

const builtIn = (reason: string): SourcedPolicy => ({
  policy: defaultPolicy(rules),
  source: `the built-in one (${reason})`,
});

const nameOf = ({ metadata: { namespace, name } }: ConfigMap): string => `${namespace}/${name}`;

async function configMaps(
  client: ApiClient,
): Promise<{ readonly items: readonly ConfigMap[] } | { readonly refusal: string } | { readonly problem: string }> {
  const { ApiError } = await import('../cluster/api-client.ts');
  try {
    const { items } = (await client.get('/api/v1/configmaps', { labelSelector })) as { items: readonly ConfigMap[] };
    return { items };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 403 ? { refusal: error.message } : { problem: connectionProblem(error) };
  }
}
