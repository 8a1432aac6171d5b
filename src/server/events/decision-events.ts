import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Decision } from '../../admission/decision.ts';
import { decisionEvent } from '../../admission/decision-event.ts';
import type { ApiClient } from '../../cluster/api/index.ts';
import type { EventMetrics, EventOutcome } from '../../cluster/events/index.ts';
import type { Policy } from '../../engine/policy.ts';

/** Reports denials and repairs in Events. */
export interface DecisionEvents {
  /** Returns at once, and never throws. */
  record(decision: Decision, policy: Policy): void;
  close(): Promise<void>;
}

export async function openDecisionEvents(options: {
  readonly client: ApiClient;
  readonly registry: Registry;
  readonly log: Logger;
}): Promise<DecisionEvents> {
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
    close: () => writer.close(),
  };
}

const outcomes: readonly EventOutcome[] = ['sent', 'failed', 'over_limit'];

/** Counts the Events about decisions. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const events = new Counter({
    name: 'podwright_events_total',
    help: 'Events about denials and repairs by result of creating them',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of outcomes) events.inc({ result }, 0);
  return { wrote: (result) => events.inc({ result }) };
}
