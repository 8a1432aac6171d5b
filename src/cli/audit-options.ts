import type { Mode } from '../engine/rule.ts';
import type { ReadOptions } from '../manifests/read-sources.ts';
import type { BaselineOptions } from './baseline.ts';
import type { OutputTarget } from './output-targets.ts';
import type { PolicyOptions } from './policy-options.ts';

/** The options of `podwright audit` for manifests. */
export interface AuditOptions extends PolicyOptions, ReadOptions, BaselineOptions {
  /** Only check objects that have changed since this revision. */
  readonly changedSince?: string;
  /** List skipped objects. */
  readonly verbose?: boolean;
  readonly output?: readonly OutputTarget[];
  readonly failOn: Exclude<Mode, 'off'> | 'never';
  /** Show the changes of fixes as unified diffs. */
  readonly diff?: boolean;
  /** For text, only a table of rules. */
  readonly summary?: boolean;
  /** The path to report for standard input. */
  readonly stdinPath?: string;
}
