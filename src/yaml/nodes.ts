import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { checkAfterDash, checkAnchor, checkCollection, checkKey, checkScalar } from './strictness.ts';

/** A value as written; offsets refer to the parsed text. */
export type YamlNode = ScalarNode | ListNode | MapNode | AliasNode;

/** The nodes that can have an anchor. */
type Anchored = ScalarNode | ListNode | MapNode;

interface Written {
  /** Its start; negative if a key or a dash has no value. */
  readonly offset: number;
  /** Such as `!!int`. */
  readonly tag: string | undefined;
}

export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly text: string;
  /** Neither quoted nor a block. */
  readonly isPlain: boolean;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface MapNode extends Written {
  readonly kind: 'map';
  readonly pairs: readonly YamlPair[];
}

export interface YamlPair {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface AliasNode {
  readonly kind: 'alias';
  readonly offset: number;
  /** Its target; undefined if no such anchor is defined before it. */
  readonly target: Anchored | undefined;
}

/** The first document of a text; kubectl ignores the others. */
export interface FirstDocument {
  /** Undefined if there are only comments. */
  readonly node: YamlNode | undefined;
  /** Whether a `...` ends the document and more content follows. */
  readonly hasMore: boolean;
}

/** Deeper than the conversion to data accepts, so that the conversion reports it. */
const maxDepth = 1_000;

/** The unread events of a text, and the anchors before them. */
interface Source {
  readonly text: string;
  readonly events: readonly Event[];
  readonly anchors: Map<string, Anchored>;
  /** Whether to reject input that go-yaml rejects; its JSON reader does not. */
  readonly isStrict: boolean;
  /** The start of the innermost block; negative outside of all. */
  block: number;
  next: number;
}

/** Throws a `YAMLException` if the text is not valid YAML, or (if strict) not valid for kubectl. */
export function firstDocumentOf(text: string, isStrict: boolean): FirstDocument {
  const events = parseEvents(text, { maxDepth });
  if (events.length === 0) return { node: undefined, hasMore: false };
  const source: Source = { text, events, anchors: new Map(), isStrict, block: -1, next: 1 };
  const node = readNode(source);
  const isNothing = node.kind === 'scalar' && node.offset < 0;
  return { node: isNothing ? undefined : node, hasMore: source.next + 1 < events.length };
}

function readNode(source: Source): YamlNode {
  const event = source.events[source.next++];
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      if (source.isStrict) checkScalar(event, source.text, () => columnOf(source.block, source.text));
      return anchored(scalarOf(event, source.text), event, source);
    case EVENT_ID.SEQUENCE: {
      const items: YamlNode[] = [];
      const list = anchored(
        { kind: 'list', offset: event.start, tag: tagOf(event, source.text), items },
        event,
        source,
      );
      within(event, source, () => items.push(readItem(event, source)));
      return list;
    }
    case EVENT_ID.MAPPING: {
      const pairs: YamlPair[] = [];
      const map = anchored({ kind: 'map', offset: event.start, tag: tagOf(event, source.text), pairs }, event, source);
      within(event, source, () => pairs.push({ key: readKey(source), value: readNode(source) }));
      return map;
    }
    case EVENT_ID.ALIAS: {
      if (source.isStrict) checkAnchor(event, source.text);
      const name = source.text.slice(event.anchorStart, event.anchorEnd);
      return { kind: 'alias', offset: event.anchorStart - 1, target: source.anchors.get(name) };
    }
    case undefined:
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
      throw new Error(`an event of type ${event?.type} stands where a value must be`);
  }
}

/** Reads all members of the collection. */
function within(event: SequenceEvent | MappingEvent, source: Source, readMember: () => void): void {
  const { block } = source;
  if (event.style === COLLECTION_STYLE.BLOCK) source.block = event.start;
  if (source.isStrict) checkCollection(event, source.text);
  while (goesOn(source)) readMember();
  source.block = block;
}

function readItem({ style }: SequenceEvent, source: Source): YamlNode {
  const item = readNode(source);
  if (source.isStrict && style === COLLECTION_STYLE.BLOCK && item.offset > 0) checkAfterDash(source.text, item.offset);
  return item;
}

function readKey(source: Source): YamlNode {
  const event = source.events[source.next];
  if (source.isStrict && event?.type === EVENT_ID.SCALAR) checkKey(event, source.text);
  return readNode(source);
}

const columnOf = (offset: number, text: string): number =>
  offset < 0 ? -1 : offset - text.lastIndexOf('\n', offset - 1) - 1;

/** Whether the collection has another member; consumes its end. */
function goesOn(source: Source): boolean {
  if (source.events[source.next]?.type !== EVENT_ID.POP) return true;
  source.next++;
  return false;
}

function scalarOf(event: ScalarEvent, text: string): ScalarNode {
  const { style, valueStart } = event;
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return {
    kind: 'scalar',
    offset: isQuoted ? valueStart - 1 : valueStart,
    tag: tagOf(event, text),
    text: valueStart < 0 ? '' : getScalarValue(text, event),
    isPlain: style === SCALAR_STYLE.PLAIN,
  };
}

type Marked = ScalarEvent | SequenceEvent | MappingEvent;

const tagOf = ({ tagStart, tagEnd }: Marked, text: string): string | undefined =>
  tagStart < 0 ? undefined : text.slice(tagStart, tagEnd).replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');

/** A name may be reused: the last anchor applies to the following aliases. */
function anchored(node: Anchored, { anchorStart, anchorEnd }: Marked, { anchors, text }: Source): Anchored {
  if (anchorStart >= 0) anchors.set(text.slice(anchorStart, anchorEnd), node);
  return node;
}
