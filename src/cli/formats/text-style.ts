import type { ReportedSubject } from '../../audit/audit-report.ts';
import type { Mode } from '../../engine/rule.ts';
import type { Paint, Style } from '../output/paint.ts';

/** Appearance and level of detail of an audit's text. */
export interface TextStyle {
  readonly paint: Paint;
  /** List the findings of rules in mode `audit` in full; otherwise, only their rule ids. */
  readonly detailed: boolean;
  /** The lines of the diff below a subject. */
  readonly diffOf?: (subject: ReportedSubject) => readonly string[];
  /** Only print a table of rules. */
  readonly summary?: boolean;
}

/** The colors of modes. */
export const styles: Readonly<Record<Mode, Style>> = { enforce: 'bad', warn: 'careful', audit: 'faint', off: 'faint' };
