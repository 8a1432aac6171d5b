import { createHash } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type InputOptions, type OutputOptions, type Plugin, type RolldownOutput } from 'rolldown';

const root = join(import.meta.dirname, '../..');

const isOfPackage = (id: string): boolean => id.includes('/node_modules/');

/** Source maps are for code that people wrote here, not for packages, generated code and additions of the bundler. */
const isForeign = (id: string): boolean =>
  isOfPackage(id) || id.startsWith('\0') || id.endsWith('/built-in-validator.ts');

const withoutForeignMaps: Plugin = {
  name: 'without-foreign-maps',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk' || !file.moduleIds.every(isForeign)) continue;
      file.code = file.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
      delete bundle[`${file.fileName}.map`];
    }
  },
};

const packages = { name: 'packages', test: isOfPackage, entriesAware: true, priority: 2 };

/** Settings that the program and the library share. */
export const inputOptions: InputOptions = {
  cwd: root,
  platform: 'node',
  transform: { target: 'node22' },
  // nine tenths of the client are one class per resource; it does not say of itself that unused modules may be left out
  treeshake: { moduleSideEffects: (id) => !id.includes('/node_modules/@kubernetes/client-node/') },
  plugins: [withoutForeignMaps],
};

/** Functions keep their names, and source maps lead to the lines of the source, so that stack traces tell where something went wrong. */
export const outputOptions: OutputOptions = {
  sourcemap: true,
  sourcemapExcludeSources: true,
  minify: { mangle: { keepNames: true }, compress: true, codegen: true },
  comments: { legal: false },
  codeSplitting: { groups: [packages] },
};

/**
 * V8 inlines functions of the same file best, so everything that evaluates a Pod is in one, apart from modules that every
 * command needs at once: these stay in `main.cjs`.
 */
const programFiles = [
  packages,
  { name: 'main', tags: ['$initial' as const], priority: 1 },
  { name: 'evaluation', test: /\/src\/(admission|engine|patch|rules|subject)\// },
];

/** An export of a file that others load: its name, and the constant or function. */
const exportedByGetter =
  /Object\.defineProperty\(exports,"([^"]+)",\{enumerable:!0,get:function\(\)\{return (.*?)\}\}\)(?=[,;])/g;

/**
 * Exports values instead of getters. V8 keeps most objects with getters as hash tables, and does not inline a function that
 * it finds in one. It makes no difference otherwise, because no module here exports a variable.
 */
const withoutGetters: Plugin = {
  name: 'without-getters',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk' && !file.moduleIds.some(isOfPackage))
        file.code = file.code.replace(exportedByGetter, 'exports.$1=$2');
  },
};

/** Commander would load what starts programs, for subcommands that are programs of their own: a tenth of the time of a small command. */
const withoutSubprograms: Plugin = {
  name: 'without-subprograms',
  resolveId: (id, importer) =>
    id === 'node:child_process' && importer?.includes('/node_modules/commander/') === true ? '\0nothing' : undefined,
  load: (id) => (id === '\0nothing' ? 'export default {}' : undefined),
};

/**
 * Builds the program into the folder and returns what was written: `podwright.js`, which starts `program/main.cjs`, which loads
 * what a command needs from the files beside it.
 */
export async function buildProgram(folder: string): Promise<RolldownOutput> {
  const output = await build({
    ...inputOptions,
    input: { main: 'src/main.ts' },
    plugins: [inputOptions.plugins, withoutSubprograms, withoutGetters],
    output: {
      ...outputOptions,
      codeSplitting: { groups: programFiles },
      dir: join(folder, 'program'),
      // Node.js starts CommonJS faster than ES modules: it makes no namespaces of its own modules
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
    },
  });
  const launcher = join(folder, 'podwright.js');
  const source = await readFile(join(root, 'src/launch.js'), 'utf8');
  await writeFile(launcher, source.replace("build = 'unknown'", `build = '${hashOf(output)}'`));
  await chmod(launcher, 0o755);
  return output;
}

/** Tells this program from every other one, so that none uses code that was compiled for another. */
function hashOf({ output }: RolldownOutput): string {
  const hash = createHash('sha256');
  for (const file of output) if (file.type === 'chunk') hash.update(`${file.fileName}\n${file.code}\n`);
  return hash.digest('hex').slice(0, 16);
}
