import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { decide } from '../admission/decide.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import { loadPolicy } from '../policy/load.ts';
import { readTeamExemptions } from '../policy/team-exemptions.ts';
import { rules } from '../rules/index.ts';
import { version } from '../version.ts';
import { createLog, createMetrics, logOutput, type Metrics } from './monitoring/index.ts';
import { serve } from './serve.ts';
import type { ServeOptions } from './serve-options.ts';
import { StartupError } from './startup-error.ts';
import { untilStopped } from './until-stopped.ts';

/** Longer than the slowest request; together with the delay, shorter than Kubernetes' default grace period of 30 s. */
const closingMs = 15_000;
/** The descriptor. */
const standardOutput = 1;
/** How long to wait for a log reader that stalls. */
const lastLinesMs = 1_000;

/** Serves until a signal arrives. Returns the exit code: 2 if the server cannot start; the reasons are on standard error. */
export async function runServer(options: ServeOptions): Promise<number> {
  const metrics = createMetrics({
    version,
    ruleIds: rules.map(({ id }) => id),
    maxNamespaces: options.metricNamespaces ?? 0,
  });
  const output = logOutput(standardOutput, () => metrics.logLineDropped());
  const exitCode = await served(options, metrics, createLog(options.logLevel, output));
  await Promise.race([output.end(), sleep(lastLinesMs)]);
  return exitCode;
}

async function served(options: ServeOptions, metrics: Metrics, log: Logger): Promise<number> {
  const load = (text: string) => loadPolicy(text, rules);
  const readExemptions = (text: string) => readTeamExemptions(text, rules);
  const starting = serve(options, { decide, load, readExemptions, builtInPolicy: defaultPolicy(rules), metrics, log });
  // Registered before startup completes, because the signal may arrive at any time.
  const stopped = untilStopped(
    async () => (await starting).stop(),
    log,
    options.shutdownDelaySeconds * 1000 + closingMs,
  );
  try {
    await starting;
  } catch (error) {
    if (!(error instanceof StartupError)) {
      log.fatal({ err: error }, 'the server could not start; please report this');
      return 1;
    }
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  return stopped;
}
