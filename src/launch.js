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
const { readFileSync, mkdirSync, writeFileSync, renameSync, unlinkSync } = process.getBuiltinModule('node:fs');
const { crc32 } = process.getBuiltinModule('node:zlib');
const { Script } = process.getBuiltinModule('node:vm');
const { env } = process;
const require = createRequire(import.meta.url);
// A hash of the program's files; set by the build.
const build = 'unknown';
// The cache of compiled code is per user, because in a shared directory such as /tmp another user could place code.
const caches = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (env.HOME && `${env.HOME}/.cache`);
// A file of it is valid for this program, Node.js, processor and user.
const names = [build, process.version, process.arch, ...(process.getuid ? [process.getuid()] : [])];
// The image sets NODE_COMPILE_CACHE to a cache of its own.
const isCached = caches && getCompileCacheDir() === undefined && !env.NODE_DISABLE_COMPILE_CACHE;
const isServer = process.argv[2] === 'serve';
const isDebugged = env.PODWRIGHT_DEBUG === '1';

// Takes milliseconds, so it is enabled for a server only; other commands show stack traces on request.
if (isServer || isDebugged) process.setSourceMapsEnabled(true);
const cache = `${caches}/podwright/${names.join('-')}`;
if (isCached && !isServer && !isDebugged && isMade(cache)) cachedProgram();
else {
  if (isCached) enableCompileCache(`${caches}/podwright`);
  require('./program/main.cjs');
}

/**
 * Loads the program like `require`, but with the code of all functions from an earlier run. The cache of Node.js leaves
 * out functions that are compiled on their first call, and finding each file takes it as long as reading it. The program
 * must not contain `import()`, which Node.js only offers experimentally here.
 */
function cachedProgram() {
  const folder = `${import.meta.dirname}/program`;
  const modules = new Map();
  load('./main.cjs');

  function load(id) {
    if (!id.startsWith('./')) return require(id);
    let module = modules.get(id);
    if (module === undefined) {
      module = { exports: {} };
      modules.set(id, module);
      const filename = `${folder}/${id.slice(2)}`;
      compiled(filename, id.slice(2))(module.exports, load, module, filename, folder);
    }
    return module.exports;
  }
}

function compiled(filename, name) {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'utf8')}\n})`;
  const cachedData = kept(`${cache}/${name}`);
  if (cachedData === undefined) return wholly(source, filename, name).runInThisContext();
  const script = new Script(source, { filename, cachedData });
  // it is for other settings of Node.js
  if (script.cachedDataRejected === true) discard(`${cache}/${name}`);
  return script.runInThisContext();
}

/** Compiles all functions, and keeps them for the next run. */
function wholly(source, filename, name) {
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--no-lazy');
  const script = new Script(source, { filename });
  // code is only valid for the flags at the time when it is written
  setFlagsFromString('--lazy');
  keep(name, script.createCachedData());
  return script;
}

/** Without a directory for it, all that is compiled would be for this run only. */
function isMade(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/** Each file starts with a checksum of the rest, because V8 trusts it. */
function kept(file) {
  try {
    const content = readFileSync(file);
    const data = content.subarray(4);
    return crc32(data) === content.readUInt32LE() ? data : undefined;
  } catch {
    // there is none yet
    return undefined;
  }
}

function keep(name, data) {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(data));
  const unfinished = `${cache}/${name}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([sum, data]));
    renameSync(unfinished, `${cache}/${name}`);
  } catch {
    // the next run compiles it again
  }
}

function discard(file) {
  try {
    unlinkSync(file);
  } catch {
    // another run did, or the directory is read-only
  }
}
