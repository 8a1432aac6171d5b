import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { isLeft, wouldBe } from '../../engine/fate.ts';
import type { Mode } from '../../engine/rule.ts';
import type { Paint, Style } from '../output/paint.ts';

/** What the text of an audit looks like and tells. */
export interface TextStyle {
  readonly paint: Paint;
  /** Spell out the findings of rules that are only to be recorded; otherwise their ids must do. */
  readonly detailed: boolean;
  /** The lines of the diff that stands below a subject. */
  readonly diffOf?: (subject: ReportedSubject) => readonly string[];
  /** Only a table of the rules. */
  readonly summary?: boolean;
}

/** The colors of modes. */
export const styles: Readonly<Record<Mode, Style>> = { enforce: 'bad', warn: 'careful', audit: 'faint', off: 'faint' };

/** Whether something is left to do that somebody is to be told of. */
export const isTold = (finding: AuditFinding, { detailed }: Pick<TextStyle, 'detailed'>): boolean =>
  isLeft(finding) && (detailed || wouldBe(finding) !== 'none');
