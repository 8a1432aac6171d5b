import { execFileSync } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { buildProgram, sharedOptions } from './build/program.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const library = join(dist, 'index.js');

await rm(dist, { recursive: true, force: true });
const program = await buildProgram(dist);
await build({
  ...sharedOptions,
  entryPoints: [join(root, 'src/index.ts')],
  outfile: library,
  format: 'esm',
  packages: 'external',
});
execFileSync('tsc', ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

for (const file of [program, library]) {
  const { size } = await stat(file);
  console.log(`${relative(root, file)} ${(size / 1024).toFixed(0)} KiB`);
}
