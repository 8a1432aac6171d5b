import { sentenceOf, titleOf } from '../../engine/messages.ts';
import type { Severity } from '../../engine/rule.ts';
import { printable, visible } from '../output/layout.ts';
import { fileOfFinding } from './finding-place.ts';
import type { Presentation } from './presentation.ts';
import { isTold } from './text-style.ts';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  info: 'info',
};

/** GitLab's code quality report: remaining findings, each at its line. */
export function auditGitlab({ report, style, repositoryPath }: Presentation): string {
  const issues = report.subjects.flatMap((subject) => {
    const title = titleOf({ ...subject.object, podPath: '' });
    // GitLab rejects an issue without a path
    const pathOf = (file: string | undefined): string =>
      (file === undefined ? undefined : repositoryPath(file)) ?? title.replace(' ', '/');
    const told = subject.findings.filter((finding) => isTold(finding, style));
    return told.map((finding) => ({
      description: printable(`${title}: ${sentenceOf(finding)}`),
      check_name: finding.rule.id,
      fingerprint: report.fingerprints.get(finding),
      severity: severities[finding.rule.severity],
      location: { path: pathOf(fileOfFinding(finding, subject)), lines: { begin: finding.position?.line ?? 1 } },
    }));
  });
  return visible(JSON.stringify(issues, undefined, 2));
}
