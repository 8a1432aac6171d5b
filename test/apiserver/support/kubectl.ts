import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { until } from './until.ts';

/** What kubectl prints, whole. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl in one namespace of the cluster. */
export interface Kubectl {
  readonly namespace: string;
  /** The command, whatever comes of it. */
  (...args: string[]): Promise<Printed>;
  /** The command with the object as its standard input. */
  readonly send: (object: unknown, ...args: string[]) => Promise<Printed>;
  /** What the API server answers to the creation of an object that it is expected to take. */
  readonly create: <T = StoredPod>(object: unknown, ...flags: string[]) => Promise<T>;
  readonly get: <T = StoredPod>(...args: string[]) => Promise<T>;
  /** The same for somebody else. */
  readonly as: (user: string, ...groups: string[]) => Kubectl;
}

/** The part of a stored Pod that tests read. */
export interface StoredPod {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly containers: readonly object[]; readonly ephemeralContainers?: readonly object[] };
  readonly status: { readonly phase?: string };
}

/** Makes the namespace, waits until Pods can be created in it, and gives the kubectl for it. */
export async function kubectlIn(namespace: string, labels: Readonly<Record<string, string>> = {}): Promise<Kubectl> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  await wanted(run(['create', '-f', '-'], JSON.stringify(object)));
  await until('the service account of the namespace', async () => {
    const { code } = await run(['get', 'serviceaccount', 'default', '-n', namespace]);
    return code === 0;
  });
  return kubectlOf(namespace);
}

/** The kubectl for a namespace that there is; `who` are flags of kubectl. */
export function kubectlOf(namespace: string, who: readonly string[] = []): Kubectl {
  const here = (args: readonly string[]): string[] => ['-n', namespace, ...who, ...args];
  const send = (object: unknown, ...args: string[]): Promise<Printed> => run(here(args), JSON.stringify(object));
  const parsed = async <T>(printed: Promise<Printed>): Promise<T> => JSON.parse((await wanted(printed)).stdout) as T;
  return Object.assign((...args: string[]) => run(here(args)), {
    namespace,
    send,
    create: <T>(object: unknown, ...flags: string[]) =>
      parsed<T>(send(object, 'create', '-f', '-', '-o', 'json', ...flags)),
    get: <T>(...args: string[]) => parsed<T>(run(here(['get', '-o', 'json', ...args]))),
    as: (user: string, ...groups: string[]) =>
      kubectlOf(namespace, [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)]),
  });
}

/** The output of a command that is to succeed. */
export async function wanted(printed: Promise<Printed>): Promise<Printed> {
  const result = await printed;
  if (result.code !== 0) throw new Error(`kubectl failed: ${result.stderr}`);
  return result;
}

/** Runs a program in the node; kubectl there is of the cluster's own version. */
export async function inNode(args: readonly string[], input = ''): Promise<Printed> {
  const child = spawn('docker', ['exec', '-i', '-e', 'KUBECONFIG=/etc/rancher/k3s/k3s.yaml', inject('node'), ...args]);
  child.stdin.end(input);
  const closed = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

const run = (args: readonly string[], input?: string): Promise<Printed> => inNode(['kubectl', ...args], input);
