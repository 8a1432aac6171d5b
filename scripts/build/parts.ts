import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** A part of the program that is compiled when it is first asked for: a folder of `src`, bundled. */
export interface Part {
  readonly name: string;
  /** The bundle, CommonJS, with its source map beside it. */
  readonly file: string;
}

const source = join(import.meta.dirname, '../../src');
const loader = join(import.meta.dirname, 'load-part.ts');

/** Stands for the end of a comment within a part: as long, so that every column stays. */
const escapedEnd = '*\u0001';

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

/** Puts the parts into the program, each in a comment, and joins the source maps. */
export async function appendParts(program: string, parts: readonly Part[]): Promise<void> {
  let text = await codeOf(program);
  const sections = [{ offset: { line: 0, column: 0 }, map: await mapOf(program) }];
  for (const { name, file } of parts) {
    const code = await codeOf(file);
    if (code.includes(escapedEnd)) throw new Error(`part ${name} holds what stands for the end of a comment`);
    text += `\n/* part ${name}\n`;
    sections.push({ offset: { line: text.split('\n').length - 1, column: 0 }, map: await mapOf(file) });
    text += `${code.replaceAll('*/', escapedEnd)}\n*/\n`;
  }
  await writeFile(program, `${text}//# sourceMappingURL=podwright.js.map\n`);
  await writeFile(`${program}.map`, JSON.stringify({ version: 3, sections }));
}

async function codeOf(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/\/\/# sourceMappingURL=.*\n$/, '');
}

const mapOf = async (file: string): Promise<unknown> => JSON.parse(await readFile(`${file}.map`, 'utf8'));

/** The folder directly below `src`. */
const partOf = (name: string): string => name.split('/')[0] ?? '';
