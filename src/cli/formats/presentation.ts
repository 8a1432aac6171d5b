import type { ShownReport } from '../../audit/audit-report.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import type { ManifestProblem } from '../../manifests/read-manifests.ts';
import { type TextStyle } from './text-style.ts';

/** An audit, with the context that its readers need. */
export interface Presentation {
  readonly report: ShownReport;
  /** Unreadable input and values that the API server would reject. */
  readonly problems: readonly ManifestProblem[];
  readonly policy: Policy;
  /** The origin of the policy, in words. */
  readonly policySource: string;
  /** The input, in words: the paths or the cluster. */
  readonly judged: string;
  readonly at: Date;
  /** The weakest mode whose findings count as a failure. */
  readonly failOn: Exclude<Mode, 'off'> | 'never';
  readonly style: TextStyle;
  /** The path from the repository's root, with `/`; undefined for standard input without a name. */
  repositoryPath(file: string): string | undefined;
}

/** The names of the formats, the default first. */
export const auditFormats = ['text', 'json', 'yaml', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** The audit in a format. Each format's code is loaded on demand. */
export async function present(format: AuditFormat, presentation: Presentation): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('./text.ts')).auditText(presentation.report, presentation.style);
    case 'json':
      return (await import('./json.ts')).auditJson(presentation.report);
    case 'yaml':
      return (await import('./yaml.ts')).auditYaml(presentation.report);
    case 'sarif':
      return (await import('./sarif.ts')).auditSarif(presentation);
    case 'junit':
      return (await import('./junit.ts')).auditJunit(presentation);
    case 'github':
      return (await import('./github.ts')).auditGithub(presentation);
    case 'gitlab':
      return (await import('./gitlab.ts')).auditGitlab(presentation);
    case 'html':
      return (await import('../page/audit-page.ts')).auditHtml(presentation);
    case 'markdown':
      return (await import('./markdown.ts')).auditMarkdown(presentation);
  }
}
