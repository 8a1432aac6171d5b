import type { AuditFinding } from '../../audit/audit-report.ts';
import { isShown } from '../../audit/shown-finding.ts';
import { sentenceOf, titleOf } from '../../engine/messages.ts';
import { byWeight } from '../../engine/round.ts';
import type { Mode } from '../../engine/rule.ts';
import { printable } from '../output/layout.ts';
import { plain } from '../output/paint.ts';
import { fileOfFinding } from './finding-place.ts';
import type { Presentation } from './presentation.ts';
import { summaryText } from './summary-text.ts';

const commands: Readonly<Record<Mode, string>> = { enforce: 'error', warn: 'warning', audit: 'notice', off: 'notice' };

/** Workflow commands, which GitHub shows at the lines of a pull request; the worst first, because GitHub shows only a few. */
export function auditGithub({ report, problems, style, repositoryPath }: Presentation): string {
  const findings = report.subjects.flatMap((subject) =>
    subject.findings.filter((finding) => isShown(finding, style)).map((finding) => ({ finding, subject })),
  );
  return [
    ...problems.map(({ file, position, message }) =>
      annotation('error', repositoryPath(file), position, 'podwright', message),
    ),
    ...findings
      .toSorted((a, b) => byWeight(a.finding, b.finding))
      .map(({ finding, subject }) => {
        const file = fileOfFinding(finding, subject);
        const path = file === undefined ? undefined : repositoryPath(file);
        const text = `${titleOf({ ...subject.object, podPath: '' })}: ${sentenceOf(finding)}`;
        return annotation(commands[finding.mode], path, finding.position, finding.rule.id, text);
      }),
    summaryText(report.sum, report.skipped ?? 0, plain),
  ].join('\n');
}

function annotation(
  command: string,
  file: string | undefined,
  position: AuditFinding['position'],
  title: string,
  text: string,
): string {
  const { line, column } = position ?? {};
  const properties = { file, line, col: column, title };
  const given = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escaped(`${value}`)}`],
  );
  return `::${command} ${given.join(',')}::${data(text)}`;
}

const data = (text: string): string => printable(text).replaceAll('%', '%25');

const escaped = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
