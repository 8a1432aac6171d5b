import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Decision } from '../../admission/decision.ts';
import { decisionEvent } from '../../admission/decision-event.ts';
import type { ApiClient } from '../../cluster/api/index.ts';
import type { EventMetrics, EventResult } from '../../cluster/events/index.ts';
import type { Policy } from '../../engine/policy.ts';
import { teamConfigMap } from '../../policy/grant.ts';
import { metricFactory } from '../monitoring/index.ts';
import type { RejectedExemptions } from '../self-service/index.ts';

/** Reports denials and repairs in Events, and exemptions of teams that have no effect. Nothing waits for it, and it never throws. */
export interface ServerEvents {
  record(decision: Decision, policy: Policy): void;
  /** On the ConfigMap of the team. */
  reject(rejected: RejectedExemptions): void;
  close(): Promise<void>;
}

/** Creates the Events in the background, and counts the results. */
export async function openServerEvents(options: {
  readonly client: ApiClient;
  readonly registry: Registry;
  readonly log: Logger;
}): Promise<ServerEvents> {
  const { client, registry, log } = options;
  const { openEventWriter } = await import('../../cluster/events/index.ts');
  const writer = openEventWriter({ client, metrics: createEventMetrics(registry), log });
  return {
    record(decision, policy) {
      const event = decisionEvent(decision, policy);
      if (event === undefined) return;
      const { apiVersion, kind, metadata, ...news } = event;
      writer.write({ apiVersion, kind, metadata }, news);
    },
    reject({ namespace, uid, problems }) {
      const metadata = { namespace, name: teamConfigMap.name, ...(uid !== undefined && { uid }) };
      const message = `not granted: ${problems.join('; ')}`;
      const news = { type: 'Warning', reason: 'ExemptionsNotGranted', message } as const;
      writer.write({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, news);
    },
    close: () => writer.close(),
  };
}

const results: readonly EventResult[] = ['sent', 'failed', 'over_limit'];

/** Counts these Events. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const events = metricFactory(registry).counter(
    'events_total',
    'Events about denials, repairs and exemptions of teams by result of creating them',
    'result',
  );
  for (const result of results) events.inc({ result }, 0);
  return { wrote: (result) => events.inc({ result }) };
}
