import type { Logger } from 'pino';
import type { Policy } from '../engine/policy.ts';
import type { Metrics } from './monitoring/index.ts';
import type { LoadPolicy } from './policy/index.ts';
import type { ReadTeamExemptions } from './self-service/index.ts';
import type { WebhookDependencies } from './webhook/index.ts';

/** The parts of the program that the server gets from its caller. */
export interface ServeDependencies {
  readonly decide: WebhookDependencies['decide'];
  readonly load: LoadPolicy;
  readonly readExemptions: ReadTeamExemptions;
  readonly builtInPolicy: Policy;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Waits for the shutdown delay; a test ends it when it has seen enough. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}
