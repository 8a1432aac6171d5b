#!/usr/bin/env node
// Becomes `dist/podwright.js`. It rejects an older Node.js before loading any code that needs a newer one, so it only
// uses syntax that every Node.js supports and is not compiled from TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `podwright needs Node.js 22.19 or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(2);
}

const { createRequire, enableCompileCache, getCompileCacheDir } = process.getBuiltinModule('node:module');
const { env } = process;
// The image sets NODE_COMPILE_CACHE to a cache of its own. Elsewhere the cache is per user, because in a shared
// directory such as /tmp another user could place code.
const caches = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && `${env.HOME}/.cache`);
if (getCompileCacheDir() === undefined && caches) {
  // Node.js caches the code of a file before running it, without the functions that are compiled on their first call: a
  // tenth of the time of a small command. A server would compile much that it never calls.
  if (process.argv[2] !== 'serve') process.getBuiltinModule('node:v8').setFlagsFromString('--no-lazy');
  enableCompileCache(`${caches}/podwright`);
}
// Takes milliseconds, so it is enabled for a server only; other commands show stack traces on request.
if (process.argv[2] === 'serve' || env.PODWRIGHT_DEBUG === '1') process.setSourceMapsEnabled(true);
createRequire(import.meta.url)('./program/main.cjs');
