import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type RolldownOutput } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { inputOptions, outputOptions } from './program.ts';

const root = join(import.meta.dirname, '../..');

/** Builds the library into the folder and returns the written files: `index.js`, an ES module, and the modules that it loads on demand. */
export async function buildLibrary(folder: string): Promise<RolldownOutput> {
  return build({
    ...inputOptions,
    input: { index: 'src/index.ts' },
    output: {
      ...outputOptions,
      // functions keep their names for a caller's stack trace; the maps would be a tenth of the package
      sourcemap: false,
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'library/[name]-[hash].js',
    },
  });
}

/** Builds `index.d.ts`, which holds every type that it needs, those of other packages included. */
export async function buildTypes(folder: string): Promise<void> {
  // below the packages whose types it takes in
  const caches = join(root, 'node_modules/.cache');
  await mkdir(caches, { recursive: true });
  const declarations = await mkdtemp(join(caches, 'declarations-'));
  await promisify(execFile)('tsc', ['-p', 'tsconfig.build.json', '--outDir', declarations], { cwd: root });
  await build({
    input: { index: join(declarations, 'index.d.ts') },
    plugins: [dts({ dtsInput: true, tsconfig: false })],
    checks: { pluginTimings: false },
    output: { dir: folder, format: 'esm', entryFileNames: '[name].d.ts' },
  });
  await rm(declarations, { recursive: true });
}
