import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { makeSelfSigned } from '../../../src/server/certificate/self-signed.ts';

/** How the node calls the machine that the tests run on. */
export const hostName = 'host.docker.internal';

const main = join(import.meta.dirname, '../../../src/main.ts');

/** A line of the decision log. */
export interface LoggedDecision {
  readonly webhook: string;
  readonly operation: string;
  readonly dryRun: boolean;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner?: string;
  readonly user: string;
  readonly verdict: string;
  readonly findings: readonly { readonly rule: string; readonly mode: string; readonly path: string }[];
  readonly fixed: readonly string[];
  readonly exempt: readonly { readonly rule: string; readonly exemption: string }[];
  readonly patchOperations: number;
  readonly wouldPatch?: string;
  /** The hash of the policy. */
  readonly policy: string;
}

/** `podwright serve` as a process of its own, which can die and come back at the same address. */
export interface ServerProcess {
  /** Without path, as the node reaches it. */
  readonly url: string;
  /** PEM in base64. */
  readonly caBundle: string;
  /** Everything decided so far, oldest first. */
  readonly decisions: readonly LoggedDecision[];
  readonly metrics: () => Promise<string>;
  /** Gives the policy file another text; it is in force a little later. */
  readonly writePolicy: (text: string) => Promise<void>;
  /** Ends the process without warning. */
  readonly kill: () => Promise<void>;
  /** Starts it again where it was. */
  readonly restart: () => Promise<void>;
  /** Ends it in good order and removes its files. */
  readonly stop: () => Promise<void>;
}

/** Starts the server under a policy file's text, or under the built-in policy, with further flags. */
export async function startServer(policy: string | undefined, more: readonly string[] = []): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'podwright-'));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const { cert, key, ca } = await makeSelfSigned([hostName], new Date());
  const flags = [
    `--tls-cert=${await file('tls.crt', cert)}`,
    `--tls-key=${await file('tls.key', key)}`,
    `--kubeconfig=${await file('kubeconfig', inject('kubeconfig'))}`,
    ...(policy === undefined ? [] : [`--policy=${await file('policy.yaml', policy)}`]),
    // the API server calls from its container
    '--host=::',
    '--monitoring-port=0',
    '--log-level=debug',
    ...more,
  ];
  const decisions: LoggedDecision[] = [];
  const first = await launch([...flags, '--port=0'], decisions);
  const { port } = new URL(first.admission);
  let current = first;
  return {
    url: `https://${hostName}:${port}`,
    caBundle: Buffer.from(ca).toString('base64'),
    decisions,
    metrics: async () => (await fetch(`${current.monitoring}/metrics`)).text(),
    async writePolicy(text) {
      await file('policy.yaml', text);
    },
    kill: () => end(current.child, 'SIGKILL'),
    async restart() {
      current = await launch([...flags, `--port=${port}`], decisions);
    },
    async stop() {
      await end(current.child, 'SIGTERM');
      await rm(folder, { recursive: true });
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly admission: string;
  readonly monitoring: string;
}

/** Resolves when the server says that it serves; collects its decisions from then on. */
async function launch(flags: readonly string[], decisions: LoggedDecision[]): Promise<Launched> {
  const child = spawn(process.execPath, [main, 'serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const complaints = text(child.stderr);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      complaints.then((text) => reject(new Error(`podwright serve ended with ${code}: ${text}`)), reject);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as { event?: string; msg?: string } & Pick<Launched, 'admission' | 'monitoring'>;
      if (entry.event === 'admission') decisions.push(entry as unknown as LoggedDecision);
      if (entry.msg === 'serving') resolve({ child, ...entry });
    });
  });
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
