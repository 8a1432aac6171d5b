import { createHash } from 'node:crypto';
import { isShown } from '../../audit/shown-finding.ts';
import { sentenceOf, titleOf } from '../../engine/messages.ts';
import type { Severity } from '../../engine/rule.ts';
import { printable, visible } from '../output/layout.ts';
import { fileOfFinding } from './finding-place.ts';
import type { Presentation } from './presentation.ts';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** GitLab's code quality report: remaining findings and invalid input, each at its line. */
export function auditGitlab({ report, problems, style, repositoryPath }: Presentation): string {
  const issues = report.subjects.flatMap((subject) => {
    const title = titleOf({ ...subject.object, podPath: '' });
    // GitLab rejects an issue without a path
    const pathOf = (file: string | undefined): string =>
      (file === undefined ? undefined : repositoryPath(file)) ?? title.replace(' ', '/');
    const shown = subject.findings.filter((finding) => isShown(finding, style));
    return shown.map((finding) => ({
      description: printable(`${title}: ${sentenceOf(finding)}`),
      check_name: finding.rule.id,
      fingerprint: report.fingerprints.get(finding),
      severity: severities[finding.rule.severity],
      location: { path: pathOf(fileOfFinding(finding, subject)), lines: { begin: finding.position?.line ?? 1 } },
    }));
  });
  const unreadable = problems.map(({ file, position, message }) => ({
    description: printable(message),
    check_name: 'invalid-input',
    fingerprint: createHash('sha256').update(`${file}\n${message}`).digest('hex').slice(0, 16),
    severity: 'blocker',
    location: { path: repositoryPath(file) ?? file, lines: { begin: position?.line ?? 1 } },
  }));
  return visible(JSON.stringify([...unreadable, ...issues], undefined, 2));
}
