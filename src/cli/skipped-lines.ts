import type { AuditReport } from '../audit/audit-report.ts';
import { titleOf } from '../engine/messages.ts';
import type { Manifest, Skipped } from '../manifests/read-manifests.ts';
import { printable } from './output/layout.ts';

/** The objects without a Pod. */
export function templatelessOf(manifests: readonly Manifest[], { subjects }: AuditReport): Skipped[] {
  const judged = new Set(subjects.map(({ manifest }) => manifest));
  return manifests
    .filter((manifest) => !judged.has(manifest))
    .map(({ object, file, document, path }) => ({
      file,
      position: path === '' ? document.start : document.positionOf(path),
      what: titleOf({ ...object, podPath: '' }),
      reason: 'it creates no Pods',
    }));
}

/**
 * The skipped input, one line each: all of it, or only objects that were probably meant to be checked; equal reasons
 * are merged.
 */
export function skippedLines(skipped: readonly Skipped[], isVerbose: boolean): string[] {
  if (isVerbose)
    return skipped.map(
      (each) => `${placeOf(each)}: ${`skipped ${printable(each.what)}`.trimEnd()}: ${printable(each.reason)}`,
    );
  const told = Map.groupBy(
    skipped.filter(({ isTold }) => isTold === true),
    ({ reason }) => reason,
  );
  return [...told].map(([reason, all]) => {
    const [first] = all;
    const place = first === undefined ? '' : placeOf(first);
    const others = all.length > 1 ? ` and ${all.length - 1} more` : '';
    return `${place}${others}: skipped: ${printable(reason)}`;
  });
}

const placeOf = ({ file, position }: Skipped): string =>
  [file === '-' ? 'stdin' : file, ...(position === undefined ? [] : [position.line, position.column])].join(':');
