import type { FastifyReply, FastifyRequest } from 'fastify';
import { decideExemptionsEdit, exemptionsEditOf, uncheckedExemptionsEdit } from '../../admission/exemptions-edit.ts';
import { grant, teamConfigMap } from '../../policy/grant.ts';
import { problemLines } from '../../policy/problem-lines.ts';
import type { ReadTeamExemptions } from '../self-service/index.ts';
import { type ConfigMapRouteDependencies, configMapRoute } from './config-map-route.ts';
import { mostWaitMs } from './webhook-route.ts';

export interface ExemptionsRouteDependencies extends ConfigMapRouteDependencies {
  readonly readExemptions: ReadTeamExemptions;
}

/** The handler of `POST /validate-exemptions`, which checks edits of the ConfigMaps in which teams write exemptions. */
export function exemptionsRoute(
  dependencies: ExemptionsRouteDependencies,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const { world, readExemptions } = dependencies;
  return configMapRoute(
    {
      async decide(request) {
        const text = exemptionsEditOf(request);
        if (text === undefined) return uncheckedExemptionsEdit(request);
        const { namespace: name } = request;
        const written = await readExemptions(text);
        await world.settled(name, { waitMs: mostWaitMs, wantsLimits: false });
        const { policy, namespaceLabels: labels, now = Date.now() } = world.at(name);
        const { exemptions, problems } = grant(written, { name, labels }, policy, now);
        const lines = problemLines(problems, teamConfigMap.key);
        return decideExemptionsEdit(request, { exemptions, problems: lines }, { policy, now });
      },
      unchecked: (request) => uncheckedExemptionsEdit(request, 'the exemptions could not be checked; see the log'),
      failure: 'an edit of exemptions could not be checked; please report this',
    },
    dependencies,
  );
}
