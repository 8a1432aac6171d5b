import type { Rule } from '../engine/rule.ts';
import { policyPath } from '../manifests/policy-key.ts';
import { type Pointer, valueAt } from '../patch/pointer.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { type LoadedPolicy, loadPolicy, policyOfDocument } from './load.ts';
import { placedProblems } from './placed-problems.ts';
import { apiVersion, kind } from './schema.ts';

/**
 * The policy in a policy file, in a ConfigMap (`policy.yaml`, possibly among other objects, as `helm template` prints
 * them) or in values of the chart (`policy`); or every problem of it, at its place in the text.
 */
export async function loadCarriedPolicy(text: string, rules: readonly Rule[]): Promise<LoadedPolicy> {
  const { readYaml } = await import('../yaml/read.ts');
  const { documents } = readYaml(text);
  for (const document of documents) {
    const policy = valueAt(document.value, policyPath);
    if (valueAt(document.value, '/kind') === 'ConfigMap' && typeof policy === 'string')
      return placed(text, document, await loadPolicy(policy, rules));
  }
  const [values, second] = documents;
  if (values === undefined || second !== undefined || !isValues(values)) return loadPolicy(text, rules);
  return policyOfDocument(policyIn(values), rules);
}

const placed = (text: string, document: YamlDocument, loaded: LoadedPolicy): LoadedPolicy =>
  'policy' in loaded ? loaded : { problems: placedProblems(text, document, policyPath, loaded.problems) };

function isValues({ value }: YamlDocument): boolean {
  const policy = valueAt(value, '/policy');
  return valueAt(value, '/kind') === undefined && typeof policy === 'object' && policy !== null;
}

/** The policy that the chart creates from values, where `mode` is a separate value. */
function policyIn(values: YamlDocument): YamlDocument {
  const mode = valueAt(values.value, '/mode') ?? 'audit';
  const policy = valueAt(values.value, '/policy') as object;
  // a mode in the policy itself wins
  const isOwn = (path: Pointer): boolean => path !== '/mode' || 'mode' in policy;
  return {
    ...values,
    start: values.positionOf('/policy'),
    repeatedKeys: values.repeatedKeys,
    value: Array.isArray(policy) ? policy : { apiVersion, kind, mode, ...policy },
    positionOf: (path) => values.positionOf(isOwn(path) ? (`/policy${path}` as Pointer) : path),
  };
}
