import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch, platform } from 'node:process';
import manifest from '../../package.json' with { type: 'json' };
import { buildDistribution } from '../../scripts/build/distribution.ts';

const root = join(import.meta.dirname, '../..');

/** Packs the package as `npm publish` would, installs it into a folder of its own, and returns that folder. */
export async function installedPackage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-package-'));
  const source = join(folder, 'source');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, name), join(source, name));
  await buildDistribution(join(source, 'dist'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source });
  const user = join(folder, 'user');
  mkdirSync(user);
  install(user, join(folder, `podwright-${manifest.version}.tgz`), '--offline');
  return user;
}

/** Another version of Node.js, fetched from the registry when it is first asked for. */
export function otherNode(version: string): string {
  const folder = join(root, 'node_modules/.cache', `node-${version}`);
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    install(folder, `${name}@${version}`);
  }
  return binary;
}

function install(folder: string, ...what: string[]): void {
  const quiet = ['--silent', '--no-audit', '--no-fund', '--no-save', '--no-package-lock', '--ignore-scripts'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, ...what], { cwd: folder });
}
