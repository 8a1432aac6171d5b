import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { appendParts, entryOf, leavingToParts, type Part } from './parts.ts';

const source = join(import.meta.dirname, '../../src');

export const sharedOptions: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'warning',
};

const packed: BuildOptions = {
  ...sharedOptions,
  sourcemap: true,
  sourcesContent: false,
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
};

/**
 * Builds `podwright.js` in the folder and returns its path: one file, run by plain `node`. Web server and Kubernetes client
 * stand compressed in comments at its end, which cost V8 next to nothing: docs/adr/0004-parts-in-comments.md.
 */
export async function buildProgram(folder: string): Promise<string> {
  const program = join(folder, 'podwright.js');
  const server = new Set<string>();
  const cluster = new Set<string>();
  const wanted = new Map([
    ['server', server],
    ['cluster', cluster],
  ]);
  await build({
    ...packed,
    entryPoints: [join(source, 'main.ts')],
    outfile: program,
    format: 'esm',
    plugins: [leavingToParts(wanted, 'program')],
    // CommonJS packages in the bundle ask for Node's own modules by `require`, which ES modules lack
    banner: { js: "import{createRequire as requireOf}from'node:module';const require=requireOf(import.meta.url);" },
  });
  // the server asks for the cluster, never the other way round
  const parts = [
    await buildPart(folder, 'server', server, new Map([['cluster', cluster]])),
    await buildPart(folder, 'cluster', cluster, new Map()),
  ];
  await appendParts(program, parts);
  await Promise.all(parts.map(({ file }) => rm(file)));
  await chmod(program, 0o755);
  return program;
}

async function buildPart(
  folder: string,
  name: string,
  modules: ReadonlySet<string>,
  wanted: ReadonlyMap<string, Set<string>>,
): Promise<Part> {
  const file = join(folder, `${name}.cjs`);
  await build({
    ...packed,
    stdin: { contents: entryOf(modules), resolveDir: source },
    outfile: file,
    format: 'cjs',
    sourcemap: false,
    plugins: [leavingToParts(wanted, 'part')],
  });
  return { name, file };
}
