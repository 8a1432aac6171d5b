import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

type Modules = Readonly<Record<string, unknown>>;

const loaded = new Map<string, Modules>();

/** A module of a part that stands in a comment of this very file; the part is compiled when it is first asked for. */
export function partModule(part: string, name: string): unknown {
  let modules = loaded.get(part);
  if (modules === undefined) loaded.set(part, (modules = loadPart(part)));
  return modules[name];
}

function loadPart(part: string): Modules {
  const { filename, url } = import.meta;
  const text = readFileSync(filename, 'utf8');
  const opening = `\n/* part ${part}\n`;
  const start = text.lastIndexOf(opening) + opening.length;
  const code = text.slice(start, text.indexOf('\n*/\n', start)).replaceAll('*\u0001', '*/');
  const lineOffset = text.slice(0, start).split('\n').length - 1;
  const module = { exports: {} };
  const run = compileFunction(code, ['module', 'exports', 'require', 'partModule'], { filename, lineOffset });
  run(module, module.exports, createRequire(url), partModule);
  return module.exports;
}
