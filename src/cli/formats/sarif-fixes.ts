import type { ArtifactLocation, Fix } from 'sarif';
import type { AuditedSubject, AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { readWhole } from '../../files/read-whole.ts';
import { decoded } from '../../fix/encoded-text.ts';
import { findingRepairs } from '../../fix/repair-findings.ts';
import { standardInput } from '../../manifests/manifest-files.ts';
import { lineIndexOf } from '../../yaml/line-index.ts';

/** How each finding in a file could be repaired individually, as text replacements. */
export async function sarifFixes(
  subjects: readonly ReportedSubject[],
  locationOf: (file: string) => ArtifactLocation | undefined,
): Promise<ReadonlyMap<AuditFinding, Fix>> {
  const fixes = new Map<AuditFinding, Fix>();
  for (const [file, own] of Map.groupBy(subjects.filter(isOfFile), ({ manifest }) => manifest?.file ?? '')) {
    const artifactLocation = locationOf(file);
    const text = file === standardInput ? undefined : await textOf(file);
    if (text === undefined || artifactLocation === undefined) continue;
    const positionAt = lineIndexOf(text);
    for (const [finding, splices] of findingRepairs(text, own)) {
      const replacements = splices.map(({ start, end, text: made }) => {
        const [from, to] = [positionAt(start), positionAt(end)];
        return {
          deletedRegion: {
            startLine: from.line,
            startColumn: from.column,
            endLine: to.line,
            endColumn: to.column,
          },
          insertedContent: { text: made },
        };
      });
      fixes.set(finding, {
        description: { text: finding.rule.fix?.effect ?? `Repairs the finding of ${finding.rule.id}.` },
        artifactChanges: [{ artifactLocation, replacements }],
      });
    }
  }
  return fixes;
}

const isOfFile = (subject: ReportedSubject): subject is AuditedSubject =>
  subject.manifest !== undefined && 'evaluation' in subject;

/** The current text of a file; undefined if it cannot be read or is not valid text. */
async function textOf(file: string): Promise<string | undefined> {
  const content = await readWhole(file, { maxBytes: 256 * 1024 * 1024 });
  return 'problem' in content ? undefined : decoded(content.bytes)?.text;
}
