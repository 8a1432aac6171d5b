import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { brotliDecompressSync } from 'node:zlib';

type Modules = Readonly<Record<string, unknown>>;

const loaded = new Map<string, Modules>();

/** A module of a part that stands in a comment of this very file; the part is unpacked when it is first asked for. */
export function partModule(part: string, name: string): unknown {
  let modules = loaded.get(part);
  if (modules === undefined) loaded.set(part, (modules = loadPart(part)));
  return modules[name];
}

function loadPart(part: string): Modules {
  const { filename, url } = import.meta;
  const text = readFileSync(filename, 'latin1');
  const opening = `\n/* part ${part} `;
  const start = text.lastIndexOf(opening) + opening.length;
  const packed = Buffer.from(text.slice(start, text.indexOf(' */', start)), 'base64');
  const code = brotliDecompressSync(packed).toString();
  const module = { exports: {} };
  const names = ['module', 'exports', 'require', 'partModule'];
  const run = compileFunction(code, names, { filename: `${filename}#${part}` });
  run(module, module.exports, createRequire(url), partModule);
  return module.exports;
}
