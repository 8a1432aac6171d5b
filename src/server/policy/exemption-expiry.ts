import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';
import type { Exemption } from '../../engine/exemption.ts';
import type { Policy } from '../../engine/policy.ts';
import { dayMs, minuteMs } from '../../time-units.ts';

export interface ExemptionWatch {
  close(): void;
}

/** Days before its end on which a reminder of an exemption is logged; 0 is the end itself. */
const reminders = [0, 3, 14] as const;

/**
 * Logs reminders of exemptions that are about to expire: 14 days and 3 days before, and on expiry. A reloaded policy is
 * checked within `everyMs`.
 */
export function watchExemptions(
  policy: () => Policy,
  options: {
    readonly registry: Registry;
    readonly log: Logger;
    readonly now?: () => number;
    readonly everyMs?: number;
  },
): ExemptionWatch {
  const { registry, log, now = Date.now, everyMs = minuteMs } = options;
  const reminded = new Set<string>();
  measureExpiry(registry, policy);
  function look(): void {
    for (const exemption of policy().exemptions) {
      const days = dueReminder(exemption, now());
      const key = `${exemption.name} ${exemption.expires} ${days}`;
      if (days === undefined || reminded.has(key)) continue;
      reminded.add(key);
      const { name, owner, reason, expires, rules } = exemption;
      const about = { exemption: name, owner, reason, expires, rules };
      if (days === 0) log.error(about, 'an exemption has expired and no longer applies');
      else log.warn(about, `an exemption expires within ${days} days; extend it or repair the workloads it covers`);
    }
  }
  look();
  const timer = setInterval(look, everyMs).unref();
  return { close: () => clearInterval(timer) };
}

/** The latest reminder that is due. */
function dueReminder({ expiresAt }: Exemption, now: number): (typeof reminders)[number] | undefined {
  return expiresAt === undefined ? undefined : reminders.find((days) => expiresAt - now <= days * dayMs);
}

function measureExpiry(registry: Registry, policy: () => Policy): void {
  const gauge = new Gauge({
    name: 'podwright_exemption_expiry_timestamp_seconds',
    help: 'When an exemption of the policy expires',
    labelNames: ['exemption'],
    registers: [registry],
    collect() {
      gauge.reset();
      for (const { name, expiresAt } of policy().exemptions)
        if (expiresAt !== undefined) gauge.set({ exemption: name }, expiresAt / 1000);
    },
  });
}
