import { applyPatch } from '../../patch/apply-patch.ts';
import { sameJson } from '../../patch/edits.ts';
import type { PatchOperation } from '../../patch/json-patch.ts';
import type { Position } from '../document.ts';
import { readYaml } from '../read.ts';
import { aliasTargetsOf } from './aliases.ts';
import { commentsOf } from './comments.ts';
import { documentIn, offsetsOf, type PassageDocument, passagesOf } from './passage.ts';
import { type NodeTree, type Site, siteOf } from './site.ts';
import { type SourceText, sourceTextOf } from './source-text.ts';
import { inOrder, type Splice, spliced } from './splice.ts';
import { writeSites } from './write.ts';

/** The changes of an object in a stream, to be made completely or not at all. */
export interface Change {
  /** The start of its document's content. */
  readonly start: Position;
  /** With paths from the document's root, each applicable to the current document. */
  readonly operations: readonly PatchOperation[];
}

/** Changes as splices of the stream. */
export interface EditedYaml<Wanted extends Change> {
  /** In text order, without overlaps. */
  readonly splices: readonly Splice[];
  /** The changes that cannot be written, with reasons: `a comment would be lost`. */
  readonly rejected: ReadonlyMap<Wanted, string>;
}

const unknownLayout = 'the layout of the text does not allow an addition without changing more';

/**
 * Computes how to write changes into a stream of YAML or JSON while leaving everything else unchanged, byte for byte.
 * The result is read again to verify that it contains the changed data and every comment. A change that cannot be
 * written like that is rejected.
 */
export function editYaml<Wanted extends Change>(stream: string, changes: readonly Wanted[]): EditedYaml<Wanted> {
  const splices: Splice[] = [];
  const rejected = new Map<Wanted, string>();
  const offsetOf = offsetsOf(stream);
  const passageAt = passagesOf(stream);
  for (const [offset, own] of Map.groupBy(changes, ({ start }) => offsetOf(start))) {
    const document = documentIn(passageAt(offset), offset);
    if (document === undefined) for (const change of own) rejected.set(change, unknownLayout);
    else splices.push(...editDocument(document, own, rejected));
  }
  return { splices: splices.toSorted((a, b) => a.start - b.start), rejected };
}

/** A change with its location in the nodes. */
interface PlacedChange<Wanted extends Change = Change> {
  readonly change: Wanted;
  readonly sites: readonly (Site | undefined)[];
}

function editDocument<Wanted extends Change>(
  document: PassageDocument,
  changes: readonly Wanted[],
  rejected: Map<Wanted, string>,
): Splice[] {
  const { contents, passage } = document;
  const targets = aliasTargetsOf(contents);
  const tree: NodeTree = { contents, targets, anchored: new Set(targets.values()) };
  const source = sourceTextOf(passage.text, contents);

  /** The changes that can be written together. One that cannot does not affect the others. */
  const writable = (some: readonly PlacedChange<Wanted>[]): readonly PlacedChange<Wanted>[] => {
    const fault = faultOf(some, source, document);
    if (fault === undefined) return some;
    if (some.length > 1) {
      const half = some.length >> 1;
      return [...writable(some.slice(0, half)), ...writable(some.slice(half))];
    }
    for (const each of some) rejected.set(each.change, sharingOf(each) ?? fault);
    return [];
  };

  const placed = changes.map((change) => ({ change, sites: change.operations.map((each) => siteOf(each, tree)) }));
  return (splicesFor(writable(placed), source) ?? []).map(({ start, end, text }) => ({
    start: start + passage.offset,
    end: end + passage.offset,
    text,
  }));
}

function splicesFor(changes: readonly PlacedChange[], source: SourceText): Splice[] | undefined {
  const sites = changes.flatMap((each) => each.sites);
  if (!sites.every((site) => site !== undefined)) return undefined;
  const splices = writeSites(sites, source);
  return splices && inOrder(splices);
}

/**
 * Why changes cannot be written together, if they cannot. The result must contain the changed documents, the others
 * unchanged, and every comment.
 */
function faultOf(changes: readonly PlacedChange[], source: SourceText, document: PassageDocument): string | undefined {
  const splices = splicesFor(changes, source);
  if (splices === undefined) return unknownLayout;
  const made = spliced(source.text, splices);
  const operations = changes.flatMap(({ change }) => change.operations);
  const wanted = document.values.map((value, index) =>
    index === document.index ? applyPatch(value, operations) : value,
  );
  const { documents, problems } = readYaml(made);
  const found = documents.map(({ value }) => value);
  if (problems.length > 0 || !sameJson(found, wanted)) return unknownLayout;
  const [before, after] = [source.text, made].map((text) => commentsOf(text).toSorted());
  return sameJson(before, after) ? undefined : 'a comment would be lost';
}

function sharingOf({ sites }: PlacedChange): string | undefined {
  const anchor = sites.find((site) => site?.sharedAs !== undefined)?.sharedAs;
  if (anchor === undefined) return undefined;
  const by = anchor === '<<' ? 'a merge key (<<)' : `the anchor &${anchor}`;
  return `other places share this text through ${by}, and would change as well`;
}
