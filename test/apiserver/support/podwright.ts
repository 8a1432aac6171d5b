import { inject } from 'vitest';
import { inNode, kubectlOf, wanted } from './kubectl.ts';
import { type LoggedDecision, type ServerProcess, startServer } from './server-process.ts';
import { until } from './until.ts';
import { webhookConfigurations } from './webhook-configurations.ts';

/** A server that the API server asks. */
export interface Podwright extends ServerProcess {
  /** Resolves when both webhooks for Pods have answered; all that was decided before is logged by then. */
  readonly answered: () => Promise<void>;
  /** What was decided on the object, once it is `count` decisions. */
  readonly decisionsOn: (namespace: string, name: string, count: number) => Promise<readonly LoggedDecision[]>;
}

/**
 * Starts Podwright under a policy file's text, else the built-in policy, and registers it, until `stop`. `enforce: false`
 * is the registration for a policy that only audits; `flags` are further ones of the command.
 */
export async function startPodwright(
  policy?: string,
  { enforce = true, flags = [] }: { readonly enforce?: boolean; readonly flags?: readonly string[] } = {},
): Promise<Podwright> {
  const server = await startServer(policy, flags);
  let probes = 0;
  const answered = (): Promise<void> => {
    const probe = pod(`probe-${++probes}`);
    return until('the API server to ask Podwright', async () => {
      await kubectlOf('default').send(probe, 'create', '--dry-run=server', '-f', '-');
      // the log may tell of this call only once kubectl has ended, which the next turn sees
      const own = server.decisions.filter(({ name }) => name === probe.metadata.name);
      const asked = new Set(own.map(({ webhook }) => webhook));
      return asked.has('mutate.podwright.dev') && asked.has('pods.validate.podwright.dev');
    });
  };
  const configurations = webhookConfigurations({ ...server, enforce });
  const stop = (): Promise<void> => configure('delete', configurations).finally(server.stop);
  try {
    await configure('apply', configurations);
    await answered();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...server,
    stop,
    answered,
    async decisionsOn(namespace, name, count) {
      const known = () => server.decisions.filter((one) => one.namespace === namespace && one.name === name);
      await until(`${count} decisions on ${name}`, async () => known().length >= count, 10);
      return known();
    },
  };
}

/** A Pod that no rule of the built-in policy denies: it sleeps, and has what `more` says. */
export function pod(
  name: string,
  more: { readonly metadata?: object; readonly spec?: object; readonly container?: object } = {},
) {
  const container = {
    name: 'app',
    image: inject('image'),
    command: ['sleep', 'infinity'],
    resources: { requests: { cpu: '10m', memory: '16Mi' } },
    ...more.container,
  };
  const metadata = { name, ...more.metadata };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container], ...more.spec } };
}

/** A Deployment of such Pods. */
export function deployment(name: string, replicas: number, more: Parameters<typeof pod>[1] = {}) {
  const labels = { app: name };
  const { spec } = pod(name, more);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

async function configure(verb: 'apply' | 'delete', configurations: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: configurations };
  await wanted(inNode(['kubectl', verb, '-f', '-'], JSON.stringify(list)));
}
