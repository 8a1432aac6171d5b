import type { Circumstances } from '../engine/circumstances.ts';
import type { Exemption } from '../engine/exemption.ts';
import type { Manifest } from '../manifests/read-manifests.ts';
import { type Pointer, valueAt } from '../patch/pointer.ts';
import { type PodLocation, placeInObject } from '../subject/pod-location.ts';

/** An exemption in a comment of a manifest. Comments do not reach the cluster, so admission does not know it. */
interface CommentExemption extends Exemption {
  readonly line: number;
}

/** Whether an exemption is a comment in a manifest. */
export const isComment = (exemption: Exemption): exemption is CommentExemption => 'line' in exemption;

/**
 * The exemptions that the comments of a manifest and its patches grant one of its Pods. A comment covers findings at its
 * own line, or at a list whose only item it is beside; above the object or on its first line, it covers all findings of
 * the rule. Undefined if there are none.
 */
export function commentedExemptionOf(
  manifest: Manifest | undefined,
  location: PodLocation,
): Circumstances['commentedExemption'] {
  if (manifest === undefined || manifest.ignored.length === 0) return undefined;
  const { document, path, ignored } = manifest;
  const { line: firstLine } = path === '' ? document.start : document.positionOf(path);
  const coveredLine = document.commentedLineOf?.('') ?? firstLine;
  const exemptions = ignored.map(({ line, target, rules, reason, file, coversObject }) => ({
    target,
    file,
    coversObject: coversObject ?? target === coveredLine,
    exemption: { name: `comment in line ${line}`, rules, match: {}, reason, owner: file ?? manifest.file, line },
  }));
  return (rule, at) => {
    const own = exemptions.filter(({ exemption }) => exemption.rules.includes(rule));
    if (own.length === 0) return undefined;
    const place: Pointer = `${path}${placeInObject(location, at)}`;
    const value = valueAt(document.value, place);
    const places = Array.isArray(value) && value.length === 1 ? [place, `${place}/0` as const] : [place];
    const positions = places.map((each) => {
      const { line, file } = document.positionOf(each);
      return { line: document.commentedLineOf?.(each) ?? line, file };
    });
    const covers = ({ target, file }: (typeof own)[number]): boolean =>
      positions.some((position) => position.line === target && position.file === file);
    return own.find((each) => each.coversObject || covers(each))?.exemption;
  };
}
