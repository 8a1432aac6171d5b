import type { AuditFormat, Presentation } from './presentation.ts';

/** The formats that list subjects once all are known; text is built while they are added. */
export type ListingFormat = Exclude<AuditFormat, 'text'>;

/** The audit in a format. Each format's code is loaded on demand. */
export async function formatAudit(format: ListingFormat, presentation: Presentation): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('./json.ts')).auditJson(presentation);
    case 'yaml':
      return (await import('./yaml.ts')).auditYaml(presentation);
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
