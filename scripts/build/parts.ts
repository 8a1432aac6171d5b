import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** A part of the program that is compiled when it is first asked for: a folder of `src`, bundled. */
export interface Part {
  readonly name: string;
  /** The bundle, CommonJS. */
  readonly file: string;
}

const source = join(import.meta.dirname, '../../src');
const loader = join(import.meta.dirname, 'load-part.ts');

/**
 * Leaves modules of these folders, where they are imported dynamically, to the parts of that name, and adds them to
 * what the parts must hold.
 *
 * @param within The program itself, or a part, which is handed the function that the program's loader exports.
 */
export function leavingToParts(wanted: ReadonlyMap<string, Set<string>>, within: 'program' | 'part'): Plugin {
  const namespace = 'part';
  const find = within === 'program' ? `require(${JSON.stringify(loader)}).partModule` : 'partModule';
  return {
    name: 'parts',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = relative(source, join(resolveDir, path));
        const modules = kind === 'dynamic-import' ? wanted.get(partOf(name)) : undefined;
        if (modules === undefined) return undefined;
        modules.add(name);
        return { path: name, namespace };
      });
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: `module.exports = ${find}(${JSON.stringify(partOf(path))}, ${JSON.stringify(path)});`,
        resolveDir: source,
      }));
    },
  };
}

/** The source of a part's entry: every module that is wanted of it, under its name. */
export const entryOf = (modules: ReadonlySet<string>): string =>
  [...modules].map((name) => `export * as ${JSON.stringify(name)} from ${JSON.stringify(`./${name}`)};`).join('\n');

/** Puts the parts at the end of the program, each compressed in a comment. */
export async function appendParts(program: string, parts: readonly Part[]): Promise<void> {
  const comments = await Promise.all(
    parts.map(async ({ name, file }) => {
      const code = brotliCompressSync(await readFile(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
      return `/* part ${name} ${code.toString('base64')} */\n`;
    }),
  );
  const sourceMap = '//# sourceMappingURL=podwright.js.map\n';
  const code = (await readFile(program, 'utf8')).replace(sourceMap, '');
  await writeFile(program, `${code}\n${comments.join('')}${sourceMap}`);
}

/** The folder directly below `src`. */
const partOf = (name: string): string => name.split('/')[0] ?? '';
