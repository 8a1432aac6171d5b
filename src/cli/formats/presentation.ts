import type { AuditFinding } from '../../audit/audit-report.ts';
import type { AuditSum } from '../../audit/audit-sum.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import type { ManifestProblem } from '../../manifests/read-manifests.ts';
import type { PageView } from '../../page/page-report.ts';
import type { KeptSubject } from './kept-subject.ts';
import type { FindingRepair } from './sarif-fixes.ts';
import type { TextStyle } from './text-style.ts';

/** The results of an audit of files or of a cluster, for any format. */
export interface ShownReport {
  readonly sum: AuditSum;
  /** Empty if no format lists them. */
  readonly subjects: readonly KeptSubject[];
  /** The number of objects, documents and files without a Pod; absent for a cluster. */
  readonly skipped?: number;
  /** By finding, if a format needs them. */
  readonly fingerprints: ReadonlyMap<AuditFinding, string>;
  /** The repair of each single finding, if a format needs them. */
  readonly repairs: ReadonlyMap<AuditFinding, FindingRepair>;
}

/** An audit, with the context that its readers need. */
export interface Presentation {
  readonly report: ShownReport;
  /** Unreadable input and values that the API server would reject. */
  readonly problems: readonly ManifestProblem[];
  readonly policy: Policy;
  /** The origin of the policy, in words. */
  readonly policySource: string;
  /** The input, in words: the paths or the cluster. */
  readonly evaluated: string;
  readonly at: Date;
  /** The weakest mode whose findings count as a failure. */
  readonly failOn: Exclude<Mode, 'off'> | 'never';
  readonly style: TextStyle;
  /** For HTML: the pages of the dashboard. */
  readonly views?: readonly PageView[] | undefined;
  /** The path from the repository's root, with `/`; undefined for standard input without a name. */
  repositoryPath(file: string): string | undefined;
}

/** The names of the formats, the default first. */
export const auditFormats = ['text', 'json', 'yaml', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** The formats that need more than findings and patches, by their need. */
export const wants: Readonly<Record<'pods' | 'words' | 'fingerprints' | 'repairs', readonly AuditFormat[]>> = {
  pods: ['html'],
  words: ['junit'],
  fingerprints: ['sarif', 'gitlab'],
  repairs: ['sarif'],
};
