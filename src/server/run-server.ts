import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { decide } from '../admission/decide.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import { loadPolicy } from '../policy/load.ts';
import { rules } from '../rules/index.ts';
import { version } from '../version.ts';
import { createLog, standardOutput } from './log.ts';
import { createMetrics } from './metrics.ts';
import { serve } from './serve.ts';
import type { ServeOptions } from './serve-options.ts';
import { StartupError } from './startup-error.ts';
import { untilStopped } from './until-stopped.ts';

/** Longer than the slowest request may take, and with the delay shorter than the 30 s that Kubernetes grants. */
const closingMs = 15_000;
/** How long a reader of the log that stalls is waited for. */
const lastLinesMs = 1_000;

/** Serves until a signal says stop. Returns the exit code: 2 when the server cannot start, for reasons on standard error. */
export async function runServer(options: ServeOptions): Promise<number> {
  const metrics = createMetrics({ version, ruleIds: rules.map(({ id }) => id) });
  const output = standardOutput(() => metrics.logLineDropped());
  const log = createLog(options.logLevel, output);
  const load = (text: string) => loadPolicy(text, rules);
  const starting = serve(options, { decide, load, builtInPolicy: defaultPolicy(rules), metrics, log });
  // Before the start is over, for the order to stop may come at any time.
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
  const exitCode = await stopped;
  output.end();
  await Promise.race([once(output, 'close'), sleep(lastLinesMs)]);
  return exitCode;
}
