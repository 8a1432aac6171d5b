import { onTestFinished } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { readTeamExemptions } from '../../src/policy/team-exemptions.ts';
import { rules } from '../../src/rules/index.ts';
import { serve } from '../../src/server/serve.ts';
import type { ServeDependencies } from '../../src/server/serve-dependencies.ts';
import type { ServeOptions } from '../../src/server/serve-options.ts';
import { keptLog, policyOf, testMetrics } from './support.ts';

/** The whole server, on free ports of this machine, until the test is over. */
export async function startServer(
  options: Partial<ServeOptions> = {},
  dependencies: Pick<ServeDependencies, 'wait'> = {},
) {
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const serving = await serve(
    {
      host: '127.0.0.1',
      port: 0,
      monitoringPort: 0,
      certificate: { hosts: [] },
      logLevel: 'info',
      shutdownDelaySeconds: 0,
      pollMs: 50,
      ...options,
    },
    {
      decide,
      load: (text) => loadPolicy(text, rules),
      readExemptions: (text) => readTeamExemptions(text, rules),
      builtInPolicy: policyOf('enforce'),
      metrics,
      log,
      ...dependencies,
    },
  );
  onTestFinished(() => serving.stop());
  const probe = async (path: string) => {
    const response = await fetch(`${serving.monitoring}${path}`);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { serving, lines, valueOf, probe, port: Number(new URL(serving.admission).port) };
}
