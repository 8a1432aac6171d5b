import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const run = promisify(execFile);

/** Helm on the cluster, in one namespace; gives what it prints. Throws when it fails, with its reasons. */
export type Helm = (...args: readonly string[]) => Promise<string>;

/** Helm without anything of whoever runs the tests. */
export function helmIn(namespace: string, helm = 'helm'): Helm {
  return async (...args) => {
    const folder = await mkdtemp(join(tmpdir(), 'podwright-helm-'));
    const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
    const kubeconfig = join(folder, 'kubeconfig');
    try {
      await writeFile(kubeconfig, await currentKubeconfig());
      const { stdout } = await run(helm, [...args, '--namespace', namespace], {
        env: { ...env, ...homes, KUBECONFIG: kubeconfig },
      });
      return stdout;
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

/** What reaches the API server from here: a node that was restarted has another port. */
export async function currentKubeconfig(): Promise<string> {
  const { stdout } = await run('docker', ['port', inject('node'), '6443/tcp']);
  const port = /:(\d+)$/m.exec(stdout)?.[1];
  return inject('kubeconfig').replace(/(server: \S+:)\d+/, `$1${port}`);
}
