import type { Circumstances } from '../engine/circumstances.ts';
import type { Exemption } from '../engine/exemption.ts';
import type { Manifest } from '../manifests/read-manifests.ts';
import type { Pointer } from '../patch/pointer.ts';

/** An exemption by a comment in a manifest. Nothing of it gets into a cluster, so nothing there believes it. */
interface CommentExemption extends Exemption {
  readonly line: number;
}

export const isComment = (exemption: Exemption): exemption is CommentExemption => 'line' in exemption;

/**
 * What the comments of a manifest excuse in one of its Pods: what is found at the line of the comment or, if the comment is
 * at the first line of the object or above it, all that the rule finds. Undefined where no comment excuses anything.
 */
export function excusesOf(manifest: Manifest | undefined, podPath: Pointer): Circumstances['excuse'] {
  if (manifest === undefined || manifest.ignored.length === 0) return undefined;
  const { document, path, ignored } = manifest;
  const { line: firstLine } = path === '' ? document.start : document.positionOf(path);
  const exemptions = ignored.map(({ line, target, rules, reason }) => ({
    target,
    exemption: { name: `comment in line ${line}`, rules, match: {}, reason, owner: manifest.file, line },
  }));
  return (rule, at) => {
    const own = exemptions.filter(({ exemption }) => exemption.rules.includes(rule));
    if (own.length === 0) return undefined;
    const { line } = document.positionOf(`${path}${podPath}${at}`);
    return own.find(({ target }) => target === firstLine || target === line)?.exemption;
  };
}
