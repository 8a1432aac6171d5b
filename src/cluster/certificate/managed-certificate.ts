import type { V1Secret } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { type ApiClient, type Clock, systemClock, type WatchedObject, type WatchMetrics } from '../api/index.ts';
import type { Election } from '../lease.ts';
import type { WebhookConfiguration } from '../webhook-configuration.ts';
import { type RememberedSecret, watchObjects } from './certificate-objects.ts';

import { type CertificateTiming, defaultCertificateTiming } from './certificate-plan.ts';
import { isOurs, readContent } from './certificate-secret.ts';
import { type CertificateUse, certificateProblems, distrusting, isFit } from './certificate-trust.ts';
import type { Pair } from './examine-pair.ts';
import { keepCertificate } from './keep-certificate.ts';
import type { Issued } from './take-step.ts';

export interface ManagedCertificateOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly secret: string;
  readonly election: Election;
  readonly webhookConfiguration: string;
  /** The names that clients use. */
  readonly hosts: readonly string[];
  readonly timing?: Partial<CertificateTiming> | undefined;
  readonly issue: (lifeMs: number) => Promise<Issued>;
  /** Called with the pair to serve from now on. Returns false if it cannot be served. */
  readonly onPair: (pair: Pair) => boolean;
  readonly metrics: WatchMetrics & { rotated(result: 'success' | 'failure'): void };
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** A certificate that all replicas share through a Secret, and that the leader renews. */
export interface ManagedCertificate {
  /** The API server trusts the served certificate; undefined while unknown. */
  readonly isInSync: boolean | undefined;
  /** The names of the configured webhooks; undefined unless all could be read. */
  readonly webhooks: ReadonlySet<string> | undefined;
  /** Why the API server cannot be served, one clause each. */
  problems(): string[];
  close(): Promise<void>;
}

/** Watches the Secret, serves its certificate, and takes part in the election of the replica that renews it. */
export function openManagedCertificate(options: ManagedCertificateOptions): ManagedCertificate {
  const { client, namespace, election, hosts, metrics, log, clock = systemClock } = options;
  const names = { namespace, secret: options.secret, webhookConfiguration: options.webhookConfiguration };
  const timing = { ...defaultCertificateTiming, ...options.timing };
  let served: Pair | undefined;
  let remembered: RememberedSecret | undefined;

  const watched = watchObjects(names, { client, metrics, log, onChange: look });
  const keeper = keepCertificate({
    client,
    names,
    hosts,
    timing,
    log,
    clock,
    issue: () => options.issue(timing.lifeMs),
    isLeader: () => election.isLeader,
    remembered: () => (remembered !== undefined && isFit(remembered, use()) ? remembered : undefined),
    onRotation: (result) => metrics.rotated(result),
    onCheck: () => adopt(),
  });
  election.onGain(keeper.wake);

  function use(): CertificateUse {
    return { hosts, now: clock.date() };
  }
  function look(): void {
    adopt();
    keeper.wake();
  }
  function adopt(): void {
    const found = rememberable(watched.secret.state);
    if (found === undefined || !isFit(found, use())) return;
    remembered = found;
    const { current } = found.content;
    if (current === undefined || (current.cert === served?.cert && current.key === served.key)) return;
    const distrust = (cert: string): number => distrusting(cert, watched, use()).length;
    const isWorse = served !== undefined && distrust(served.cert) === 0 && distrust(current.cert) > 0;
    if (!isWorse && options.onPair(current)) served = current;
  }
  return {
    get isInSync() {
      const known = watched.configurations.some(({ watch }) => typeof watch.state !== 'string');
      return known && served !== undefined ? distrusting(served.cert, watched, use()).length === 0 : undefined;
    },
    get webhooks() {
      return webhookNames(watched.configurations.map(({ watch }) => watch.state));
    },
    problems: () => certificateProblems(served, watched, names, use()),
    async close() {
      watched.close();
      await keeper.close();
    },
  };
}

function rememberable(state: WatchedObject<V1Secret>['state']): RememberedSecret | undefined {
  if (typeof state === 'string' || !isOurs(state)) return undefined;
  const { labels = {}, annotations = {} } = state.metadata ?? {};
  return { content: readContent(state), labels, annotations };
}

function webhookNames(states: readonly WatchedObject<WebhookConfiguration>['state'][]): Set<string> | undefined {
  if (states.some((state) => state === 'unread' || state === 'unreadable')) return undefined;
  const names = states.flatMap((state) => (typeof state === 'string' ? [] : (state.webhooks ?? [])));
  return new Set(names.map(({ name }) => name));
}
