import { Gauge, type Registry } from 'prom-client';
import type { SelfServicePolicy } from './self-service.ts';

/** Counts the exemptions of teams with every scrape. */
export function measureSelfService(registry: Registry, { counts }: Pick<SelfServicePolicy, 'counts'>): void {
  const measured = (name: string, help: string, count: keyof ReturnType<typeof counts>): void =>
    void new Gauge({
      name: `podwright_self_service_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(counts()[count]);
      },
    });
  measured('exemptions', 'Exemptions in force that teams have written', 'inForce');
  measured('problems', 'Problems because of which exemptions of teams have no effect', 'problems');
}
