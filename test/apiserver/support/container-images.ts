import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

/** The image of the node in which tests of a cluster run. */
export const nodeImage = env['K3S_IMAGE'] ?? 'rancher/k3s:v1.36.3-k3s1';

/** The images from which ours is built; undefined where the Dockerfile has its own. */
export const baseImage: string | undefined = env['NODE_IMAGE'];

function basesOfDockerfile(): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../../Dockerfile'), 'utf8');
  return [...text.matchAll(/^ARG (?:BUILD|RUNTIME)_IMAGE=(\S+)$/gm)].flatMap(([, image]) => image ?? []);
}

/** Why the containers of a project cannot be started; undefined when they can. */
export function missingFor(project: 'apiserver' | 'e2e'): string | undefined {
  if (!answers('info')) return 'No Docker engine answers';
  const builtFrom = baseImage === undefined ? basesOfDockerfile() : [baseImage];
  const images = [nodeImage, ...(project === 'e2e' ? builtFrom : [])];
  const missing = images.find((image) => !answers('image', 'inspect', image) && !answers('manifest', 'inspect', image));
  return missing && `Docker neither has nor reaches the image ${missing}`;
}

const answers = (...args: string[]): boolean =>
  spawnSync('docker', args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
