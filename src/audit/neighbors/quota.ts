import type { Quota, QuotaScope } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { decode } from '../../subject/decode.ts';

interface QuotaSpec {
  readonly hard?: Readonly<Record<string, unknown>>;
  readonly scopes?: readonly string[];
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
}

interface ScopeRequirement {
  readonly scopeName?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** Reads a ResourceQuota. Never throws. */
export function readQuota({ name, content }: KubernetesObject): Quota {
  const spec = (decode('ResourceQuotaSpec', content['spec'], 'spec', []) ?? {}) as QuotaSpec;
  const { hard = {}, scopes = [], scopeSelector: { matchExpressions = [] } = {} } = spec;
  return {
    name,
    resources: Object.keys(hard),
    scopes: [
      ...scopes.map((scope): QuotaScope => ({ name: scope, operator: 'Exists', values: [] })),
      ...matchExpressions.map(({ scopeName = '', operator = '', values = [] }) => ({
        name: scopeName,
        operator,
        values,
      })),
    ],
  };
}
