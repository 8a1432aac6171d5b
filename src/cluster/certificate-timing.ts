import type { PlanTiming } from './certificate-plan.ts';

/** The times of a certificate's life, in milliseconds. */
export interface CertificateTiming extends PlanTiming {
  readonly lifeMs: number;
  /** How often all is looked at besides being watched, by the wall clock: a machine that slept missed its moment. */
  readonly checkEveryMs: number;
  /** Between two steps. */
  readonly stepMs: number;
  /** Between two writes of the same bundle, in case somebody else writes another one all the time. */
  readonly republishMs: number;
}

const dayMs = 24 * 3600_000;

export const defaultCertificateTiming: CertificateTiming = {
  lifeMs: 30 * dayMs,
  renewBeforeMs: 10 * dayMs,
  waitMs: 60_000,
  checkEveryMs: 60_000,
  stepMs: 250,
  republishMs: 5_000,
};
