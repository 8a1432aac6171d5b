import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * The one-file program has a second part, which stands in a comment at its end: V8 reads 5 MB of code in 100 ms, but
 * skips 5 MB of comment in 5. The part is compiled when a command first asks for one of its modules. So `audit` need
 * not wait for a web server and a Kubernetes client that it does not use. See docs/adr/0004-deferred-part.md.
 */
const opening = '/* deferred part\n';
const closing = '\n*/\n';
/** Stands for the end of a comment within the part: as long, so that every column stays. */
const escapedEnd = '*\u0001';

const loader = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

let modules;

export function deferredModule(name) {
  modules ??= load();
  return modules[name];
}

function load() {
  const filename = import.meta.filename;
  const text = readFileSync(filename, 'latin1');
  const start = text.lastIndexOf(${JSON.stringify(opening)}) + ${opening.length};
  const code = text.slice(start, text.lastIndexOf('\\n*/')).replaceAll('*\\u0001', '*/');
  const lineOffset = text.slice(0, start).split('\\n').length - 1;
  const module = { exports: {} };
  compileFunction(code, ['module', 'exports', 'require'], { filename, lineOffset })(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}
`;

/** Leaves modules of these folders, where they are imported dynamically, to the deferred part, and notes which. */
export function deferring(folders: readonly string[], noted: Set<string>): Plugin {
  const namespace = 'deferred';
  return {
    name: 'deferring',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const file = join(resolveDir, path);
        const isDeferred = kind === 'dynamic-import' && folders.some((folder) => file.startsWith(`${folder}/`));
        return isDeferred ? { path: file, namespace } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => {
        noted.add(path);
        const contents = `module.exports = require('deferred-loader').deferredModule(${JSON.stringify(path)});`;
        return { contents: contents.replace(JSON.stringify(path), JSON.stringify(nameOf(path))) };
      });
      build.onResolve({ filter: /^deferred-loader$/ }, ({ path }) => ({ path, namespace: 'deferred-loader' }));
      build.onLoad({ filter: /.*/, namespace: 'deferred-loader' }, () => ({ contents: loader }));
    },
  };
}

/** The source of the deferred part's entry: every noted module under its name. */
export const deferredEntry = (noted: ReadonlySet<string>): string =>
  [...noted].map((path) => `export * as ${JSON.stringify(nameOf(path))} from ${JSON.stringify(path)};`).join('\n');

/** Puts the part into the program and joins their source maps. */
export async function appendDeferred(program: string, part: string): Promise<void> {
  const [main, deferred] = await Promise.all([program, part].map(async (file) => withoutMapComment(file)));
  if (main === undefined || deferred === undefined) throw new Error('both parts must have been built');
  if (deferred.includes(escapedEnd))
    throw new Error('the deferred part holds the character that stands for comment ends');
  const before = `${main}${opening}`;
  const map = {
    version: 3,
    sections: [
      { offset: { line: 0, column: 0 }, map: await mapOf(program) },
      { offset: { line: before.split('\n').length - 1, column: 0 }, map: await mapOf(part) },
    ],
  };
  const text = `${before}${deferred.replaceAll('*/', escapedEnd)}${closing}//# sourceMappingURL=podwright.js.map\n`;
  await Promise.all([writeFile(program, text), writeFile(`${program}.map`, JSON.stringify(map))]);
}

async function withoutMapComment(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).replace(/\/\/# sourceMappingURL=.*\n$/, '');
}

const mapOf = async (file: string): Promise<unknown> => JSON.parse(await readFile(`${file}.map`, 'utf8'));

const nameOf = (path: string): string => relative(join(import.meta.dirname, '../../src'), path);
