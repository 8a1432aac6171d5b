import path from 'node:path';
import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import type { RepairedText } from '../../fix/repair-text.ts';
import { type Range, rangesOf } from '../../yaml/edit/ranges.ts';
import { lineEndsIn, type Splice, spliced } from '../../yaml/edit/splice.ts';
import { hidden, secretPathsIn } from './hide-secrets.ts';

const context = 3;

/**
 * The changes of a repair to a file's text, as a unified diff for `patch -p1` and `git apply`. Values of environment
 * variables and data of Secrets are hidden.
 */
export function fileDiffOf(file: string, text: string, { splices, documents }: RepairedText): string {
  const rangesIn = rangesOf(text);
  const secrets = documents.flatMap((document) => {
    const paths = secretPathsIn(document.value);
    return paths.length === 0 ? [] : rangesIn(document, paths);
  });
  const blinds = apart(secrets).map((range) => blindOf(range, text));
  const hunks = hunksOf(text, splices, blinds);
  const name = file === '-' ? 'stdin' : nameInDiff(file);
  const names = { oldFileName: `a/${name}`, newFileName: `b/${name}` };
  const patch = { ...names, oldHeader: undefined, newHeader: undefined, hunks };
  const [before = '', after = '', ...lines] = formatPatch(patch, FILE_HEADERS_ONLY).replace(/\n$/, '').split('\n');
  return [endedName(before), endedName(after), ...lines].join('\n');
}

/** GNU patch takes a name with spaces only up to the first one, unless a tab ends it. */
const endedName = (header: string): string => (/ .* /.test(header) ? `${header}\t` : header);

/** Relative to the working directory; outside of it relative to the root, because `patch` takes no `..`. */
function nameInDiff(file: string): string {
  const relative = path.relative('', file);
  const isBelow = relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  const name = isBelow ? relative : path.relative(path.parse(path.resolve(file)).root, path.resolve(file));
  return name.split(path.sep).join('/');
}

/** The ranges in order, with overlapping ones merged. */
function apart(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start >= last.end) merged.push(range);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return merged;
}

/** The same number of lines, with the first stating that something is hidden. */
function blindOf({ start, end }: Range, text: string): Splice {
  const lineEnds = text.slice(start, end).match(/\r?\n/g) ?? [];
  return { start, end, text: [hidden, ...lineEnds].join('') };
}

/** Lines that splices change, with context, and the number of resulting lines. */
interface Window {
  readonly first: number;
  last: number;
  added: number;
}

/** A hunk for every group of splices, so that large texts with many changes are compared a few lines at a time. */
function hunksOf(text: string, splices: readonly Splice[], blinds: readonly Splice[]): StructuredPatchHunk[] {
  const free = splices.filter(
    (splice) => !blinds.some((blind) => blind.start < splice.end && splice.start < blind.end),
  );
  const before = linesOf(spliced(text, inOrder(blinds)));
  const after = linesOf(spliced(text, inOrder([...blinds, ...free])));
  let added = 0;
  return windowsOf(text, free).flatMap((window) => {
    const [first, last] = [Math.max(0, window.first - context), window.last + context + 1];
    const old = before.slice(first, last).join('');
    const made = after.slice(first + added, last + added + window.added).join('');
    const { hunks } = structuredPatch('', '', old, made, undefined, undefined, { context });
    const moved = hunks.map((hunk) => ({
      ...hunk,
      oldStart: hunk.oldStart + first,
      newStart: hunk.newStart + first + added,
    }));
    added += window.added;
    return moved;
  });
}

function windowsOf(text: string, splices: readonly Splice[]): Window[] {
  const windows: Window[] = [];
  let line = 0;
  let passed = 0;
  for (const { start, end, text: made } of splices) {
    line += lineEndsIn(text.slice(passed, start));
    passed = start;
    const removed = lineEndsIn(text.slice(start, end));
    const added = lineEndsIn(made) - removed;
    const window = windows.at(-1);
    if (window !== undefined && line - window.last <= 2 * context) {
      window.last = Math.max(window.last, line + removed);
      window.added += added;
    } else windows.push({ first: line, last: line + removed, added });
  }
  return windows;
}

const inOrder = (splices: readonly Splice[]): Splice[] => splices.toSorted((a, b) => a.start - b.start);

/** The lines including their terminators. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);
