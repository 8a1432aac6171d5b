import type { Registry } from 'prom-client';
import { metricFactory } from '../monitoring/index.ts';
import type { SelfServicePolicy } from './self-service.ts';

/** Counts the exemptions of teams with every scrape. */
export function measureSelfService(registry: Registry, { counts }: Pick<SelfServicePolicy, 'counts'>): void {
  const { measured } = metricFactory(registry);
  measured('self_service_exemptions', 'Exemptions in force that teams have written', () => counts().inForce);
  measured(
    'self_service_problems',
    'Problems because of which exemptions of teams have no effect',
    () => counts().problems,
  );
}
