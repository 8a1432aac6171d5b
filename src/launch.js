#!/usr/bin/env node
// Becomes `dist/podwright.js`. It refuses an older Node.js before any code that needs a newer one is read, so it keeps to
// syntax that every Node.js knows and is not compiled from TypeScript.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `podwright needs Node.js 22.19 or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(2);
}

const { createRequire, enableCompileCache, getCompileCacheDir } = process.getBuiltinModule('node:module');
const { env } = process;
// The image brings a cache of its own by NODE_COMPILE_CACHE. Elsewhere it is the user's: a shared folder such as /tmp would let
// another user put code there.
const caches = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && `${env.HOME}/.cache`);
if (getCompileCacheDir() === undefined && caches) enableCompileCache(`${caches}/podwright`);
// Costs milliseconds, which only a server has: elsewhere a stack trace is shown when it is asked for.
if (process.argv[2] === 'serve' || env.PODWRIGHT_DEBUG === '1') process.setSourceMapsEnabled(true);
createRequire(import.meta.url)('./program/main.cjs');
