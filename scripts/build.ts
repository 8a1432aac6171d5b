import { execFileSync } from 'node:child_process';
import { chmod, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const program = join(root, 'dist/podwright.js');
const library = join(root, 'dist/index.js');

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
};

await rm(join(root, 'dist'), { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: [join(root, 'src/main.ts')],
    outfile: program,
    sourcemap: true,
    sourcesContent: false,
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    // CommonJS packages in the bundle ask for Node's own modules by `require`, which ES modules lack
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  }),
  build({ ...shared, entryPoints: [join(root, 'src/index.ts')], outfile: library, packages: 'external' }),
]);
await chmod(program, 0o755);
execFileSync('tsc', ['-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

for (const file of [program, library]) {
  const { size } = await stat(file);
  console.log(`${file.slice(root.length + 1)} ${(size / 1024).toFixed(0)} KiB`);
}
