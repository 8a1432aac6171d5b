import { Gauge, type Registry } from 'prom-client';
import type { WatchMetrics } from '../../cluster/api/index.ts';
import type { ManagedCertificate } from '../../cluster/certificate/index.ts';
import type { Election } from '../../cluster/lease.ts';
import { webhookNames } from './evaluation-metrics.ts';
import { metricFactory } from './metric-factory.ts';

const always = ['namespaces', 'limitranges'] as const;
const forCertificate = ['secrets', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;

/** Metrics of watches, certificates and the leader election. */
export interface ClusterMetrics extends WatchMetrics {
  rotated(result: 'success' | 'failure'): void;
  /** A watch of this resource begins. */
  follows(resource: string): void;
  observeElection(election: Election): void;
  /** Reads the other values from it with every scrape. Unknown values have no series. */
  observe(certificate: ManagedCertificate): void;
}

/** Watches that every server has start at 0; others when they begin. */
export function createClusterMetrics(registry: Registry): ClusterMetrics {
  const { counter, gauge, measured } = metricFactory(registry);
  const rotations = counter('certificate_rotations_total', 'Certificates activated by this replica', 'result');
  const restarts = counter('watch_restarts_total', 'Watches restarted after a failure', 'resource');
  const events = gauge(
    'watch_last_event_timestamp_seconds',
    'Time of the last watch event for the resource, including bookmarks',
    'resource',
  );
  for (const result of ['success', 'failure']) rotations.inc({ result }, 0);
  for (const resource of always) restarts.inc({ resource }, 0);
  return {
    rotated: (result) => rotations.inc({ result }),
    follows: (resource) => restarts.inc({ resource }, 0),
    restarted: (resource) => restarts.inc({ resource }),
    heard: (resource) => events.set({ resource }, Date.now() / 1000),
    observeElection(election) {
      measured('leader', '1 if this replica is the leader', () => Number(election.isLeader));
    },
    observe(certificate) {
      for (const resource of forCertificate) restarts.inc({ resource }, 0);
      measured('ca_bundle_in_sync', '1 if the published CA bundle matches the serving certificate', () =>
        certificate.isInSync === undefined ? undefined : Number(certificate.isInSync),
      );
      const present = new Gauge({
        name: 'podwright_webhook_configuration_present',
        help: '1 if the webhook is configured in the cluster',
        labelNames: ['webhook'],
        registers: [registry],
        collect() {
          present.reset();
          for (const webhook of webhookNames)
            if (certificate.webhooks !== undefined) present.set({ webhook }, Number(certificate.webhooks.has(webhook)));
        },
      });
    },
  };
}
