import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, inject, test } from 'vitest';
import { baseImage } from '../apiserver/support/container-images.ts';
import { commandsIn } from '../support/markdown-commands.ts';
import { helmIn } from './support/helm.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/image.md'), 'utf8');
const commands = commandsIn(page);
const run = (command: string) => promisify(execFile)('sh', ['-c', command], { cwd: root });
const namespace = 'podwright-system';

/** The command as documented, by its first words. */
function documented(start: string, from: readonly string[] = commands): string {
  const found = from.find((command) => command.startsWith(start));
  if (found === undefined) throw new Error(`docs/image.md has no ${start}`);
  return found;
}

afterAll(() => run('docker image rm podwright:own').catch(() => undefined));

test('the image is built, loaded and installed with the documented commands', async () => {
  // this machine has other base images, as arguments, and no network of its own for builds
  const bases =
    baseImage === undefined ? '' : `--build-arg BUILD_IMAGE=${baseImage} --build-arg RUNTIME_IMAGE=${baseImage}`;
  await run(documented('docker build ').replace('docker build', `docker build --quiet --network=host ${bases}`));

  const cells = [...page.matchAll(/^\| .* \| `(.*)` \|$/gm)].map(([, cell = '']) => cell.replaceAll('\\|', '|'));
  const load = cells.find((cell) => cell.includes('sudo ctr ')) ?? '';
  await run(load.replace('sudo', `docker exec -i ${inject('node')}`));

  const helm = helmIn(namespace);
  const [, ...install] = documented('helm install ').replace(`--namespace ${namespace}`, '').split(/\s+/);
  const chart = install.indexOf('charts/podwright');
  await helm(...install.with(chart, join(root, 'charts/podwright')), '--wait', '--timeout', '90s');
  expect(await helm('test', 'podwright')).toContain('Phase:          Succeeded');
  await helm('uninstall', 'podwright', '--wait');
});
