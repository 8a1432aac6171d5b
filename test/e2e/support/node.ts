import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { baseImage } from '../../apiserver/support/container-images.ts';
import { type StartedNode, startNode } from '../../apiserver/support/start-node.ts';
import { images } from './images.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '../../..');

let node: StartedNode | undefined;

/** Builds the image and starts the cluster that all files of this project share, with the image in its node. */
export async function setup(project: TestProject): Promise<void> {
  const [, started] = await Promise.all([buildImage(), startNode()]);
  node = started;
  const id = started.container.getId();
  const names = [images.first, images.second].join(' ');
  await run('sh', ['-c', `docker save ${names} | docker exec -i ${id} ctr -n k8s.io images import -`]);
  project.provide('node', id);
  project.provide('kubeconfig', started.container.getKubeConfig());
  project.provide('image', started.image);
}

export async function teardown(): Promise<void> {
  await node?.container.stop();
  await run('docker', ['image', 'rm', images.first, images.second]).catch(() => undefined);
}

/** Both tags are of one image. */
async function buildImage(): Promise<void> {
  const bases = baseImage === undefined ? [] : [`BUILD_IMAGE=${baseImage}`, `RUNTIME_IMAGE=${baseImage}`];
  const flags = bases.flatMap((argument) => ['--build-arg', argument]);
  await run('docker', ['build', '--quiet', '--network=host', ...flags, '--tag', images.first, repository]);
  await run('docker', ['tag', images.first, images.second]);
}
