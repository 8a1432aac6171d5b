import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

const program = join(import.meta.dirname, '../../../src/main.ts');

export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program in a directory of its own, as users call it. */
export interface CommandLine {
  readonly directory: string;
  /** Writes a file into the directory; returns its path. */
  readonly file: (name: string, content: string) => Promise<string>;
  /** Runs a command as the user of a kubeconfig, by default the administrator. */
  readonly podwright: (args: readonly string[], as?: string) => Promise<Printed>;
  readonly close: () => Promise<void>;
}

export async function openCommandLine(): Promise<CommandLine> {
  const directory = await mkdtemp(join(tmpdir(), 'podwright-'));
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const kubeconfig = await file('kubeconfig', inject('kubeconfig'));
  return {
    directory,
    file,
    async podwright(args, as = kubeconfig) {
      const child = spawn(execPath, [program, ...args], { cwd: directory, env: { ...env, KUBECONFIG: as } });
      const closed = new Promise<number | null>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', resolve);
      });
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      return { code, stdout, stderr };
    },
    close: () => rm(directory, { recursive: true }),
  };
}
