import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type ApiServer, connect } from '../../apiserver/support/api-server.ts';
import { pod } from '../../apiserver/support/podwright.ts';
import { currentKubeconfig } from './helm.ts';

/** Pods that are created all the time. */
export interface Traffic {
  /** Ends it; gives how many Pods were sent, and each answer that was not Podwright's. */
  readonly stop: () => Promise<{ readonly sent: number; readonly surprises: readonly string[] }>;
}

const everyMs = 100;

/** A Pod that is denied under enforce. */
export const privilegedPod = (name: string): object =>
  pod(name, { container: { securityContext: { privileged: true } } });

/**
 * Creates ten Pods a second in the namespace, each as a dry run, which Podwright is asked about all the same: by turns one
 * that is to be repaired, and one that is to be denied.
 */
export async function startTraffic(namespace: string): Promise<Traffic> {
  const api = await connect(await currentKubeconfig(), 10);
  const stopping = new AbortController();
  const surprises: string[] = [];
  let sent = 0;
  async function send(n: number): Promise<void> {
    const surprise = await createOne(api, namespace, n);
    if (surprise !== undefined) surprises.push(`${new Date().toISOString()} ${surprise}`);
  }
  async function run(): Promise<void> {
    const all: Promise<void>[] = [];
    while (!stopping.signal.aborted) {
      all.push(send(sent++));
      await sleep(everyMs);
    }
    await Promise.all(all);
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      return { sent, surprises };
    },
  };
}

/** Creates the nth Pod; gives what is wrong with the answer. */
export async function createOne(api: ApiServer, namespace: string, n: number): Promise<string | undefined> {
  const isRefused = n % 2 === 1;
  const object = isRefused ? privilegedPod(`refused-${n}`) : pod(`repaired-${n}`);
  const answer = await api('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object).catch(
    (error: Error): Answer => ({ code: 0, body: { message: error.message } }),
  );
  const isExpected = isRefused ? isDenied(answer) : isRepaired(answer);
  return isExpected ? undefined : `${answer.code} ${answer.body.message ?? JSON.stringify(answer.body.metadata)}`;
}

function isDenied({ code, body }: Answer): boolean {
  return code === 403 && body.message?.startsWith('admission webhook "pods.validate.podwright.dev" denied') === true;
}

function isRepaired({ code, body }: Answer): boolean {
  const { annotations } = (body.metadata ?? {}) as { readonly annotations?: Readonly<Record<string, string>> };
  return code === 201 && annotations?.['podwright.dev/fixed'] !== undefined;
}
