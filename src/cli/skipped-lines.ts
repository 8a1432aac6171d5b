import { titleOf } from '../engine/messages.ts';
import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import type { Manifest, Skipped } from '../manifests/read-manifests.ts';
import { printable } from './output/layout.ts';

/** The skipped objects, counted as they come in. */
export interface SkippedCount {
  add(skipped: Skipped): void;
  /** The objects that no Pod was found in; one that has containers is marked if its kind is unknown. */
  addTemplateless(manifests: readonly Manifest[], isUnknown: (object: KubernetesObject) => boolean): void;
  count(): number;
  /** Whether another run may check some of them. */
  isAnyUnread(): boolean;
  /** A line each: all of them, or those that were probably meant to be checked, and the same reason only once. */
  lines(): string[];
}

export function openSkipped(isVerbose: boolean): SkippedCount {
  const lines: string[] = [];
  const notable = new Map<string, { readonly place: string; more: number }>();
  let count = 0;
  let isAnyUnread = false;
  function add(skipped: Skipped): void {
    count++;
    isAnyUnread ||= skipped.isUnread === true;
    if (isVerbose) lines.push(lineOf(skipped));
    else if (skipped.isAlwaysShown === true) {
      const known = notable.get(skipped.reason);
      if (known === undefined) notable.set(skipped.reason, { place: placeOf(skipped), more: 0 });
      else known.more++;
    }
  }
  return {
    add,
    addTemplateless(manifests, isUnknown) {
      if (isVerbose) for (const manifest of manifests) add(templateless(manifest, isUnknown(manifest.object)));
      else count += manifests.length;
    },
    count: () => count,
    isAnyUnread: () => isAnyUnread,
    lines: () => [
      ...lines,
      ...[...notable].map(([reason, { place, more }]) => {
        const others = more > 0 ? ` and ${more} more` : '';
        return `${place}${others}: skipped: ${printable(reason)}`;
      }),
    ],
  };
}

const templateless = ({ object, file, document, path }: Manifest, isUnknown: boolean): Skipped => ({
  file,
  position: path === '' ? document.start : document.positionOf(path),
  what: titleOf({ ...object, podPath: '' }),
  reason: isUnknown ? 'it holds containers, but its kind is unknown' : 'it creates no Pods',
});

const lineOf = (skipped: Skipped): string =>
  `${placeOf(skipped)}: ${`skipped ${printable(skipped.what)}`.trimEnd()}: ${printable(skipped.reason)}`;

const placeOf = ({ file, position }: Skipped): string =>
  [file === '-' ? 'stdin' : file, ...(position === undefined ? [] : [position.line, position.column])].join(':');
