import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** An image from a registry as an archive on disk, or why there is none. */
export type Pulled = { readonly file: string } | { readonly problem: string };

/** Pulls an image, passes on its archive, and removes it. */
export async function withPulled<T>(reference: string, use: (pulled: Pulled) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'podwright-image-'));
  try {
    return await use(await pull(reference, path.join(folder, 'image.tar')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pull(reference: string, file: string): Promise<Pulled> {
  const programs = [
    ['skopeo', 'copy', '--quiet', `docker://${reference}`, `docker-archive:${file}:${reference}`],
    ['crane', 'pull', reference, file],
  ] as const;
  for (const [program, ...args] of programs) {
    const problem = await run(program, args);
    if (problem === undefined) return { file };
    if (problem !== 'missing') return { problem };
  }
  return {
    problem: 'reading an image from a registry needs skopeo or crane on the PATH; or specify an archive of docker save',
  };
}

/** Undefined if it succeeds, `missing` if there is no such program, or its output. */
function run(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { maxBuffer: 16 * 1024 * 1024 }, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === 'ENOENT') resolve('missing');
      else resolve(`${program}: ${stderr.trim().split('\n').at(-1)?.slice(0, 300) || error.message}`);
    });
    child.stdin?.end();
  });
}
