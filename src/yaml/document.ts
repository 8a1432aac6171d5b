import type { Pointer } from '../patch/pointer.ts';

/** A place in a text, both counted from 1; columns count UTF-16 code units, as editors and SARIF do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One document of a YAML stream. */
export interface YamlDocument {
  /** Plain JSON data, as kubectl would send it. */
  readonly value: unknown;
  /** Where the document's content starts. */
  readonly start: Position;
  /** Whether something follows its end without a `---`, which kubectl does not read. */
  readonly hasMore?: boolean;
  /** Keys written a second time in their map. The last one counts, as for kubectl. */
  readonly repeatedKeys: readonly RepeatedKey[];
  /** Where the pointed-to value's key stands (a list element: where it starts); else that of its nearest ancestor that exists. */
  positionOf(path: Pointer): Position;
}

/** A key that overrides an earlier one of the same map. */
export interface RepeatedKey extends Position {
  readonly key: string;
}

/** A part of the text that is no YAML, or none that kubectl could send as JSON. */
export interface YamlProblem extends Position {
  readonly message: string;
}
