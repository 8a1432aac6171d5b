import type { FastifyReply, FastifyRequest } from 'fastify';
import { decidePolicyEdit, policyEditOf, policyKey, uncheckedPolicyEdit } from '../../admission/policy-edit.ts';
import { version } from '../../version.ts';
import { type LoadPolicy, readPolicy } from '../policy/index.ts';
import { type ConfigMapRouteDependencies, configMapRoute } from './config-map-route.ts';

export interface PolicyRouteDependencies extends ConfigMapRouteDependencies {
  readonly load: LoadPolicy;
}

/** The handler of `POST /validate-policy`, which checks edits of the ConfigMap that holds the policy. */
export function policyRoute(
  dependencies: PolicyRouteDependencies,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { world, load } = dependencies;
  return configMapRoute(
    {
      async decide(request) {
        const { policy: inForce, now = Date.now() } = world.at('');
        const edit = policyEditOf(request);
        if (edit.kind !== 'text') return decidePolicyEdit(request, edit, { inForce, now, version });
        const reading = await readPolicy({ name: policyKey }, { text: edit.text }, load);
        return decidePolicyEdit(request, { kind: 'text', reading }, { inForce, now, version });
      },
      unchecked: uncheckedPolicyEdit,
      failure: 'an edit of the policy could not be checked; please report this',
    },
    dependencies,
  );
}
