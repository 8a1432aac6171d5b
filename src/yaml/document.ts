import type { Pointer } from '../patch/pointer.ts';

/** A place in a text, both counted from 1; columns count UTF-16 code units, like editors and SARIF. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One document of a YAML stream. */
export interface YamlDocument {
  /** Plain JSON data, as kubectl would send it. */
  readonly value: unknown;
  /** The start of the document's content. */
  readonly start: Position;
  /** Whether more content follows its end without a `---`; kubectl does not read it. */
  readonly hasMore?: boolean;
  /** Duplicate keys in maps. The last one wins, as for kubectl. */
  readonly repeatedKeys: readonly RepeatedKey[];
  /** The position of the value's key (or of the list element itself), or else that of its nearest existing ancestor. */
  positionOf(path: Pointer): Position;
}

/** A key that overrides an earlier one in the same map. */
export interface RepeatedKey extends Position {
  readonly key: string;
}

/** A part of the text that is not valid YAML, or that kubectl could not send as JSON. */
export interface YamlProblem extends Position {
  readonly message: string;
}
